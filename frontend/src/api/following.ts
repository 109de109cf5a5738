import type { Query, QueryClient } from '@tanstack/react-query'
import { isOpen } from './stream'

/**
 * How what moves is read again: when there is news of it, and where no stream of news can be had every few seconds.
 * `refetchInterval: ({ state }) => following(state.data?.job)`.
 */
const ASKED_EVERY = 4_000 // milliseconds
const TO_BE_SURE = 600_000

export function following(moves: unknown): number | false {
  return moves ? (isOpen() ? TO_BE_SURE : ASKED_EVERY) : false
}

/** Whether a query that is shown is followed just now. */
function moves(query: Query): boolean {
  return query.observers.some(({ options: { refetchInterval, enabled } }) => {
    if (enabled === false) return false
    return !!(typeof refetchInterval === 'function' ? refetchInterval(query) : refetchInterval)
  })
}

/** What pages show that moves. */
export const moving = (queries: QueryClient): Query[] =>
  queries.getQueryCache().findAll({ type: 'active', predicate: moves })

/** Reads what moves again, unless it is younger than `since`. */
export function readMoving(
  queries: QueryClient,
  {
    since = Number.POSITIVE_INFINITY,
    only = () => true,
  }: { since?: number; only?: (query: Query) => boolean },
): void {
  const chosen = new Set(moving(queries).filter((one) => one.state.dataUpdatedAt < since && only(one)))
  void queries.refetchQueries({ predicate: (query) => chosen.has(query) })
}

/** What is being read for the first time may have been asked before what is told now: once more when it has come. */
export function readFirstAgain(queries: QueryClient): void {
  const first = ({ state }: Query) => state.data === undefined && state.fetchStatus === 'fetching'
  for (const query of queries.getQueryCache().findAll({ type: 'active', predicate: first }))
    query.promise?.then(
      () => queries.invalidateQueries({ queryKey: query.queryKey, exact: true }),
      () => undefined, // the page says why it could not be read
    )
}
