import {
  type InfiniteData,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { get, post } from '../../api/client'
import { following } from '../../api/following'
import type { Page, State, Suggestion, SuggestionKind, ValidationTable, Verdict } from '../../api/types'

const open = (state: State | undefined) => state === 'queued' || state === 'running'

export const runsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['auto-curates', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/auto-curates`, { limit: 100 }, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => following(state.data?.items.some((one) => open(one.state))),
  })

/** Which images were made of one source, as their names tell. */
export const sourcesQuery = (dataset: number, slice: number | null) =>
  queryOptions({
    queryKey: ['sources', dataset, slice],
    queryFn: ({ signal }) => get(`datasets/${dataset}/sources`, { slice }, signal),
    placeholderData: keepPreviousData,
  })

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['auto-curate', id],
    queryFn: ({ signal }) => get(`auto-curates/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(open(state.data?.state)),
  })

/** What verdicts taught so far, what so many minutes of review will bring, when to stop. */
export const reviewQuery = (run: number, minutes: number) =>
  queryOptions({
    queryKey: ['auto-curate', run, 'review', minutes],
    queryFn: ({ signal }) => get(`auto-curates/${run}/review`, { minutes }, signal),
    placeholderData: keepPreviousData,
  })

export const selfTestQuery = (run: number) =>
  queryOptions({
    queryKey: ['auto-curate', run, 'self-test'],
    queryFn: ({ signal }) => get(`auto-curates/${run}/self-test`, {}, signal),
    refetchInterval: ({ state }) => following(open(state.data?.state ?? undefined)),
  })

/** Validation slices that a run looked into, scored on old and new labels. */
export const validationQuery = (run: number) =>
  queryOptions({
    queryKey: ['auto-curate', run, 'validation-labels'],
    queryFn: ({ signal }) => get(`auto-curates/${run}/validation-labels`, {}, signal),
    refetchInterval: ({ state }) => following(state.data?.tables.some(isScoring)),
  })

const isScoring = ({ rows }: ValidationTable) =>
  rows.some((row) => open(row.old?.state) || open(row.new?.state))

/** Tests the finder on planted errors: a job. */
export function useTestFinder(run: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { retrain: boolean; hard: boolean }) => post(`auto-curates/${run}/self-test`, body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['auto-curate', run, 'self-test'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

export type SuggestionFilter = { kind?: SuggestionKind; verdict?: Verdict; first?: true }
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

/** Gives verdicts. The cards stay where they are, though the open ones have other scores now: see `useRankAnew`. */
export function useDecide(run: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (verdicts: { id: number; verdict: Verdict }[]) => post('suggestions/verdicts', { verdicts }),
    onSuccess: (_, verdicts) => {
      const given = new Map(verdicts.map(({ id, verdict }) => [id, verdict]))
      queries.setQueriesData<InfiniteData<Page<Suggestion>>>({ queryKey: suggestionsOf(run) }, (data) =>
        withVerdicts(data, given),
      )
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['auto-curate', run], exact: true }),
        queries.invalidateQueries({ queryKey: ['auto-curate', run, 'review'] }),
        queries.invalidateQueries({
          queryKey: suggestionsOf(run),
          predicate: ({ queryKey }) => (queryKey[3] as SuggestionFilter).verdict !== undefined,
        }),
      ])
    },
  })
}

const suggestionsOf = (run: number) => ['auto-curate', run, 'suggestions']

function withVerdicts(data: InfiniteData<Page<Suggestion>> | undefined, given: Map<number, Verdict>) {
  const decided = (one: Suggestion) => ({ ...one, verdict: given.get(one.id) ?? one.verdict })
  return data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(decided) })) }
}

/** Puts the cards in the order that the verdicts so far suggest. */
export function useRankAnew(run: number) {
  const queries = useQueryClient()
  return () => queries.resetQueries({ queryKey: suggestionsOf(run) })
}

/** Takes the sequences off again that were kept by name. */
export function useForgetSources(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (keep: boolean) => post(`datasets/${dataset}/sources`, { keep }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['sources', dataset] }),
        queries.invalidateQueries({ queryKey: ['images'] }),
      ]),
  })
}
