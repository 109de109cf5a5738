import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type {
  AutoCurate,
  AutoCurateKind,
  ImageBrief,
  Job,
  Page,
  State,
  Suggestion,
  SuggestionKind,
  Verdict,
} from '../../api/types'

const FOLLOW_MS = 1500
const open = (state: State | undefined) => state === 'queued' || state === 'running'

/** How often the suggestions of a kind (null: of all) were right so far. */
export type Precision = {
  kind: SuggestionKind | null
  pending: number
  accepted: number
  corrected: number
  rejected: number
  decided: number
  precision: number | null
  interval: { low: number; high: number } | null
}
export type AutoCurateRun = Omit<AutoCurate, 'job' | 'report'> & {
  job: number | null
  source: { slice: { id: number; name: string } | null; q: string; revision: number }
  report: Record<string, unknown>
  precision: Precision[]
}
/** An image that was chosen, and why. */
export type Pick = {
  image: ImageBrief
  score: number
  parts: Record<string, number>
  reason: string
  reason_code: string
  reason_params: Record<string, string | number>
}

export const runsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['auto-curates', dataset],
    queryFn: ({ signal }) =>
      get<Page<AutoCurateRun>>(`datasets/${dataset}/auto-curates`, { limit: 100 }, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => (state.data?.items.some((one) => open(one.state)) ? FOLLOW_MS : false),
  })

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['auto-curate', id],
    queryFn: ({ signal }) => get<AutoCurateRun>(`auto-curates/${id}`, {}, signal),
    refetchInterval: ({ state }) => (open(state.data?.state) ? FOLLOW_MS : false),
  })

export type SuggestionFilter = { kind?: SuggestionKind; verdict?: Verdict }
const PAGE = 60

/** Suggestions, the most certain first, page after page. */
export const suggestionPages = (run: number, filter: SuggestionFilter) => ({
  queryKey: ['auto-curate', run, 'suggestions', filter],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get<Page<Suggestion>>(
      `auto-curates/${run}/suggestions`,
      { ...filter, limit: PAGE, after: pageParam },
      signal,
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<Suggestion>) => last.next,
})

export const pickPages = (run: number) => ({
  queryKey: ['auto-curate', run, 'images'],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get<Page<Pick>>(`auto-curates/${run}/images`, { limit: PAGE, after: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<Pick>) => last.next,
})

export type Start = {
  kind: AutoCurateKind
  slice?: number
  q?: string
  params: Record<string, unknown>
}

export function useStart(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Start) => post<Job>(`datasets/${dataset}/auto-curate`, body),
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
