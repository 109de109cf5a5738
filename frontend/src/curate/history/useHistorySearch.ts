import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { CLASS_FIGURES, FIGURES, type FigureKey } from './panels'
import type { Order } from './rows'

const route = getRouteApi('/framed/projects/$projectId/evaluations')

/** What the page keeps in its address. */
export type Address = {
  dataset?: number
  slice?: number
  figure?: string
  class?: string
  order?: string
  every?: number
}

/** The same, read. */
export type HistorySearch = {
  project: number
  dataset?: number
  slice?: number
  figure: FigureKey
  class: string | null
  order: Order
  /** Every evaluation, and not only the newest of each run on the same images and labels. */
  every: boolean
}

export type SetSearch = (part: Partial<Omit<HistorySearch, 'project'>>) => void

export function useHistorySearch(): [HistorySearch, SetSearch] {
  const project = Number(route.useParams().projectId)
  const search = route.useSearch()
  const navigate = useNavigate()
  const ofClass = search.class ?? null
  const known = FIGURES.find((name) => name === search.figure) ?? 'AP'
  const now: HistorySearch = {
    project,
    dataset: search.dataset,
    slice: search.slice,
    figure: ofClass && !CLASS_FIGURES.includes(known) ? 'AP' : known,
    class: ofClass,
    order: search.order === 'lineage' ? 'lineage' : 'time',
    every: search.every === 1,
  }
  const set: SetSearch = (part) => {
    const next = { ...now, ...part }
    void navigate({
      to: '.',
      search: {
        dataset: next.dataset,
        slice: next.slice,
        figure: next.figure === 'AP' ? undefined : next.figure,
        class: next.class ?? undefined,
        order: next.order === 'time' ? undefined : next.order,
        every: next.every ? 1 : undefined,
      },
      resetScroll: false,
    })
  }
  return [now, set]
}
