import { type UseQueryOptions, useQueries } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { useGo } from '../../ui/PathLink'
import type { Filter } from '../grid/queries'
import { imagesAddress, type Mark } from './marks'
import type { Words } from './options'

/** What all charts of the page share: the sets of images (one, or two to compare), and what they are called. */
export type Shown = { readonly filters: readonly Filter[]; readonly names: readonly string[] }
export const ShownContext = createContext<Shown>({ filters: [], names: [] })
export const useShown = (): Shown => useContext(ShownContext)

/** A read for each set; data only when all are there. */
export function useSides<T>(query: (filter: Filter) => unknown) {
  const { filters } = useShown()
  return useQueries({
    queries: filters.map((filter) => query(filter) as UseQueryOptions<T>),
    combine: (answers) => ({
      data: answers.every(({ data }) => data !== undefined)
        ? answers.map(({ data }) => data as T)
        : undefined,
      error: answers.find(({ error }) => error)?.error ?? null,
      isPending: answers.some(({ isPending }) => isPending),
      refetch: () => answers.map((answer) => answer.refetch()),
    }),
  })
}

export function useWords(): Words {
  const { t } = useTranslation('curate/analytics')
  const { names } = useShown()
  return {
    images: (n) => t('images', { count: n, n: count(n) }),
    boxes: (n) => t('boxes', { count: n, n: count(n) }),
    sides: names,
  }
}

/** Where a mark leads, and the way there. */
export function useOpen() {
  const { filters } = useShown()
  const go = useGo()
  const address = (q: string, side: number) => {
    const { dataset, q: line, evaluation } = filters[side] as Filter
    return imagesAddress(dataset, line, q, evaluation)
  }
  return { address: (mark: Pick<Mark, 'q'>, side: number) => address(mark.q, side), to: address, go }
}
