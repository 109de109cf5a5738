import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { get, post } from '../../api/client'
import type { Page, State, SuggestionKind, Verdict } from '../../api/types'

const FOLLOW_MS = 1500
const open = (state: State | undefined) => state === 'queued' || state === 'running'

export const runsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['auto-curates', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/auto-curates`, { limit: 100 }, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => (state.data?.items.some((one) => open(one.state)) ? FOLLOW_MS : false),
  })

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['auto-curate', id],
    queryFn: ({ signal }) => get(`auto-curates/${id}`, {}, signal),
    refetchInterval: ({ state }) => (open(state.data?.state) ? FOLLOW_MS : false),
  })

export type SuggestionFilter = { kind?: SuggestionKind; verdict?: Verdict }
const PAGE = 60

/** Suggestions, the most certain first, page after page. */
export const suggestionPages = (run: number, filter: SuggestionFilter) => ({
  queryKey: ['auto-curate', run, 'suggestions', filter],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get(`auto-curates/${run}/suggestions`, { ...filter, limit: PAGE, after: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<unknown>) => last.next,
})

export const pickPages = (run: number) => ({
  queryKey: ['auto-curate', run, 'images'],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get(`auto-curates/${run}/images`, { limit: PAGE, after: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<unknown>) => last.next,
})

export type Start = Body<'post', `datasets/${number}/auto-curate`>

export function useStart(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Start) => post(`datasets/${dataset}/auto-curate`, body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['auto-curates', dataset] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

export function useDecide(run: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (verdicts: { id: number; verdict: Verdict }[]) => post('suggestions/verdicts', { verdicts }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['auto-curate', run] }),
  })
}
