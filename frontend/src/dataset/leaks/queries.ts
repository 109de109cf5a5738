import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api/calls'
import { get, post } from '../../api/client'
import { following } from '../../api/following'

export type Leaks = Answer<'get', `datasets/${number}/leaks`>
export type LeakPair = Leaks['items'][number]

const PAGE = 50

/** Between which images leaks are looked for: slices, or what an evaluation judged and its checkpoint was trained on. */
export type LeakSides = { train: number[]; validation: number } | { evaluation: number }

const ask = (
  dataset: number,
  sides: LeakSides,
  page: { limit: number; after?: string },
  signal: AbortSignal,
) =>
  'evaluation' in sides
    ? get(`evaluations/${sides.evaluation}/leaks`, page, signal)
    : get(
        `datasets/${dataset}/leaks`,
        { train: sides.train.join(','), validation: sides.validation, ...page },
        signal,
      )

/** The numbers alone, for a line beside something else. */
export const leaksQuery = (dataset: number, sides: LeakSides) =>
  queryOptions({
    queryKey: ['leaks', dataset, sides, 'line'],
    queryFn: ({ signal }) => ask(dataset, sides, { limit: 1 }, signal),
    refetchInterval: ({ state }) => following(state.data?.looked.job),
  })

/** The pairs, page by page. */
export const leakPagesQuery = (dataset: number, sides: LeakSides) =>
  infiniteQueryOptions({
    queryKey: ['leaks', dataset, sides, 'pages'],
    queryFn: ({ pageParam, signal }) => ask(dataset, sides, { limit: PAGE, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })

/** Has all images of the dataset looked at. */
export function useFindDuplicates(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => post(`datasets/${dataset}/duplicates/search`, undefined),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['leaks', dataset] }),
        queries.invalidateQueries({ queryKey: ['duplicates', dataset] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

/** The address of the page that shows the pairs. */
export function leaksAddress(dataset: number, sides: LeakSides): string {
  const search =
    'evaluation' in sides
      ? `evaluation=${sides.evaluation}`
      : `train=${sides.train.join(',')}&validation=${sides.validation}`
  return `/curate/${dataset}/leaks?${search}`
}
