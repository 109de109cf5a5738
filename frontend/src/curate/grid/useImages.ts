import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { ImageRow, Page } from '../../api/types'
import type { Items } from './items'
import { PAGE_SIZE, pagesNear, startOf } from './pages'
import { countQuery, type ImageList, idsQuery, pageKey, pageQuery } from './queries'
import { SightClock } from './sightClock'

/** The images of a list, read page by page around what is in sight. Requests for what is out of sight are cancelled. */
export function useImages(list: ImageList): Items<ImageRow> {
  const queries = useQueryClient()
  const count = useQuery(countQuery(list))
  const [sight, show] = useSight()
  const total = count.data
  // Before the count is there the first page is read on trust, so that something shows as early as it can.
  const wanted = pagesNear(sight.first, sight.end, total ?? PAGE_SIZE)
  const next = (page: number) => queries.getQueryData<Page<ImageRow>>(pageKey(list, page))?.next
  const { q, order } = list
  // A page whose predecessor is just being read only has to wait; if the first is cut off, one has to jump.
  const first = wanted[0] ?? 0
  const isCutOff = startOf(first, { q, order, next, ids: null }) === null
  const ids = useQuery({ ...idsQuery(list), enabled: isCutOff }).data ?? null
  const starts = wanted.flatMap((page) => {
    const start = startOf(page, { q, order, next, ids })
    return start ? [{ page, start }] : []
  })
  const pages = useQueries({ queries: starts.map(({ page, start }) => pageQuery(list, page, start)) })
  const read = new Map(starts.map(({ page }, at) => [page, pages[at]?.data]))
  // Pages that are no longer asked for may still be in the cache.
  const pageAt = (page: number) => read.get(page) ?? queries.getQueryData<Page<ImageRow>>(pageKey(list, page))
  const itemAt = (index: number) => pageAt(Math.floor(index / PAGE_SIZE))?.items[index % PAGE_SIZE]
  const idsOf = useCallback(
    async (from: number, end: number) => (await queries.fetchQuery(idsQuery(list))).ids.slice(from, end),
    [queries, list],
  )
  const error = count.error ?? pages.find((page) => page.error)?.error ?? null
  return { total, error, itemAt, show, idsOf }
}

type Sight = { first: number; end: number }

/** What is in sight, as far as it matters for reading. Told at every scroll, so a ref holds it, not a state. */
export function useSight(): [Sight, (first: number, end: number) => void] {
  const [sight, setSight] = useState<Sight>({ first: 0, end: 1 })
  const [clock] = useState(() => new SightClock(setSight))
  useEffect(() => () => clock.stop(), [clock])
  return [sight, clock.show]
}

/** The list as one value that stays the same while its parts do: it is part of every page's key. */
export function useImageList(list: ImageList): ImageList {
  const { dataset, q, order, evaluation, predictionSet } = list
  return useMemo(
    () => ({ dataset, q, order, evaluation, predictionSet }),
    [dataset, q, order, evaluation, predictionSet],
  )
}
