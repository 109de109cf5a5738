import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { ObjectRow, Page } from '../../api/types'
import type { Items } from './items'
import {
  type Conditions,
  MOST_IDS,
  type ObjectList,
  objectCountQuery,
  objectIdsQuery,
  objectPageKey,
  objectPageQuery,
} from './objects'
import { PAGE_SIZE, pagesNear } from './pages'
import type { ImageList } from './queries'
import { useSight } from './useImages'

/** The objects of a list. Far from what has been read, a page is asked for by how many to pass over. */
export function useObjects(list: ObjectList): Items<ObjectRow> {
  const queries = useQueryClient()
  const count = useQuery(objectCountQuery(list))
  const [sight, show] = useSight()
  const total = count.data
  const wanted = pagesNear(sight.first, sight.end, total ?? PAGE_SIZE)
  const cached = (page: number) => queries.getQueryData<Page<ObjectRow>>(objectPageKey(list, page))
  const pages = useQueries({
    queries: wanted.map((page) => objectPageQuery(list, page, cached(page - 1)?.next ?? null)),
  })
  const read = new Map(wanted.map((page, at) => [page, pages[at]?.data]))
  const pageAt = (page: number) => read.get(page) ?? cached(page)
  const itemAt = (index: number) => pageAt(Math.floor(index / PAGE_SIZE))?.items[index % PAGE_SIZE]
  const idsOf = useCallback(
    async (from: number, end: number) => {
      const ids: number[] = []
      while (ids.length < end - from) {
        const part = await queries.fetchQuery(
          objectIdsQuery(list, from + ids.length, Math.min(end - from - ids.length, MOST_IDS)),
        )
        if (part.ids.length === 0) break
        ids.push(...part.ids)
      }
      return ids
    },
    [queries, list],
  )
  const error = count.error ?? pages.find((page) => page.error)?.error ?? null
  return { total, error, itemAt, show, idsOf }
}

/** The list as one value that stays the same while its parts do: it is part of every page's key. */
export function useObjectList(images: ImageList, conditions: Conditions): ObjectList {
  const shape = JSON.stringify(conditions)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape says whether the conditions are the same
  return useMemo(() => ({ ...images, conditions }), [images, shape])
}
