import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { Page } from '../../api/types'
import type { GridFilter } from './filter'
import type { Answer, Sent } from './queue'

const PAGE = 60
const LARGEST_PAGE = 500

const asked = ({ every, ...filter }: GridFilter) => ({
  ...filter,
  verdict: every ? undefined : ('pending' as const),
})

/** Page after page, the most certain first. Loaded once: what is decided stays where it is on the screen. */
export const gridPages = (batch: number, filter: GridFilter) => ({
  queryKey: ['batches', batch, 'decide', filter],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    get(`batches/${batch}/suggestions`, { ...asked(filter), limit: PAGE, after: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: Page<unknown>) => last.next,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
})

export const gridCounts = (batch: number, filter: GridFilter) =>
  queryOptions({
    queryKey: ['batches', batch, 'decide-counts', filter],
    queryFn: ({ signal }) => get(`batches/${batch}/suggestion-counts`, asked(filter), signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })

/** Every suggestion that the filter shows, also those that are not on the screen yet. */
export async function everyShown(batch: number, filter: GridFilter) {
  const rows = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof onePage>> = await onePage(batch, filter, after)
    rows.push(...page.items)
    after = page.next
  } while (after !== null)
  return rows
}

const onePage = (batch: number, filter: GridFilter, after: string | null) =>
  get(`batches/${batch}/suggestions`, { ...asked(filter), limit: LARGEST_PAGE, after })

export const sendDecisions = (batch: number, decisions: Sent[]): Promise<Answer> =>
  post(`batches/${batch}/decisions`, { decisions })

/** Carries out what was accepted before the images came to Label; returns how many, and how many were left. */
export async function carryOutAccepted(batch: number): Promise<{ done: number; left: number }> {
  const sum = { done: 0, left: 0 }
  for (;;) {
    const { decided, left } = await post(`batches/${batch}/carry-out-accepted`)
    sum.done += decided.length
    sum.left += left.length
    if (decided.length + left.length === 0) return sum
  }
}

export interface HandedIn {
  finished: number
  /** Left: a box lacks what its class requires. */
  lacking: number
  /** Left: an issue waits for an answer. */
  unanswered: number
}

/** Hands in all tasks whose suggestions are decided, some hundred at a time. */
export async function finishDecided(batch: number): Promise<HandedIn> {
  let finished = 0
  for (;;) {
    const answer = await post(`batches/${batch}/finish-decided`)
    finished += answer.finished
    if (answer.still === 0) return { ...answer, finished }
  }
}
