import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export const BY = ['boxes', 'images'] as const
export const SIZE_BY = ['area', 'relative'] as const
export const SHOW_CELLS = ['count', 'row', 'column', 'residual'] as const
export type By = (typeof BY)[number]
export type SizeBy = (typeof SIZE_BY)[number]
export type ShowCells = (typeof SHOW_CELLS)[number]

/** What the analytics page keeps in its address. */
export type AnalyticsSearch = {
  readonly q: string
  readonly evaluation: number | null
  /** The query line of the images to compare with; null for none, empty for all. */
  readonly vs: string | null
  readonly of: number | null
  readonly by: By
  readonly size: SizeBy
  readonly rows: string | null
  readonly columns: string | null
  readonly cells: ShowCells
}

export type Address = {
  q?: string
  evaluation?: number
  vs?: string
  of?: number
  by?: string
  sizes?: string
  rows?: string
  columns?: string
  cells?: string
}

/** All images, as the address says it: an empty line would be left out of it. */
export const ALL = '*'

export type SetAnalytics = (part: Partial<Address>, replace?: boolean) => void

/** Reads the address and writes to it. A new query is a step that "back" takes back, another view of a chart is not. */
export function useAnalyticsSearch(): [AnalyticsSearch, SetAnalytics] {
  const search = useSearch({ strict: false }) as Address
  const navigate = useNavigate()
  const set = useCallback<SetAnalytics>(
    (part, replace = false) => {
      const next = (was: Address) => ({ ...was, ...part, q: (part.q ?? was.q)?.trim() || undefined })
      void navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [readSearch(search), set]
}

export function readSearch(search: Address): AnalyticsSearch {
  const one = <T extends string>(value: string | undefined, of: readonly T[]): T =>
    of.find((known) => known === value) ?? (of[0] as T)
  return {
    q: search.q ?? '',
    evaluation: search.evaluation ?? null,
    vs: search.vs === undefined ? null : search.vs === ALL ? '' : search.vs,
    of: search.of ?? null,
    by: one(search.by, BY),
    size: one(search.sizes, SIZE_BY),
    rows: search.rows ?? null,
    columns: search.columns ?? null,
    cells: one(search.cells, SHOW_CELLS),
  }
}
