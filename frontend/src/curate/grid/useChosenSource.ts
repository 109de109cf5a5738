import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { toastProblem } from '../../ui/toast'
import type { DialogProps } from './dialogProps'
import { idsQuery } from './queries'

/** What is selected when a dialog opens, for work that knows a query line or ids: null until it is known. */
export function useChosenSource({ list, what }: Pick<DialogProps, 'list' | 'what'>) {
  const queries = useQueryClient()
  const [source, setSource] = useState<{ q: string } | { images: number[] } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected when the dialog opens is meant
  useEffect(() => {
    const { ids, without = [] } = what()
    // An evaluation that the line leaves unnamed is the grid's, which nothing else knows.
    const byQuery = !ids && without.length === 0 && !list.evaluation
    if (ids) setSource({ images: [...ids] })
    else if (byQuery) setSource({ q: list.q })
    else
      queries
        .fetchQuery(idsQuery(list))
        .then((found) => setSource({ images: found.ids.filter((id) => !without.includes(id)) }), toastProblem)
  }, [])
  return source
}
