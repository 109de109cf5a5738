import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ExportDialog } from '../../dataset/exports/ExportDialog'
import type { ExportSource } from '../../dataset/exports/queries'
import { toastProblem } from '../../ui/toast'
import type { DialogProps } from './dialogProps'
import { idsQuery } from './queries'

type Props = Pick<DialogProps, 'list' | 'what' | 'chosen' | 'close'>

/** Exports the selected images: everything that matches by the query line, the rest image by image. */
export function ExportSelection({ list, what, chosen, close }: Props) {
  const queries = useQueryClient()
  const [source, setSource] = useState<ExportSource | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected when the dialog opens is exported
  useEffect(() => {
    const { ids, without = [] } = what()
    // An evaluation that the line leaves unnamed is the grid's, which an export does not know.
    const byQuery = !ids && without.length === 0 && !list.evaluation
    if (ids) setSource({ images: ids })
    else if (byQuery) setSource({ q: list.q })
    else
      queries
        .fetchQuery(idsQuery(list))
        .then((found) => setSource({ images: found.ids.filter((id) => !without.includes(id)) }), toastProblem)
  }, [])
  if (!source) return null
  return <ExportDialog dataset={list.dataset} source={source} images={chosen} close={close} />
}
