import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import { following } from '../../api/following'
import type { Iteration, Ledger, State } from '../../api/types'

const FIRST = 5
const isOpen = (state: State | null | undefined) => state === 'queued' || state === 'running'

/** The iteration that ends with a run; followed while a run or a comparison of it is under way. */
export const ledgerQuery = (run: number) =>
  queryOptions({
    queryKey: ['ledgers', run],
    queryFn: ({ signal }) => get(`runs/${run}/ledger`, {}, signal),
    refetchInterval: ({ state }) => following(state.data && isMoving(state.data)),
  })

function isMoving({ runs, gains }: Ledger): boolean {
  return [...runs, gains.control, gains.before, gains.root].some((one) => isOpen(one?.state))
}

/** A project's iterations, the newest few; older ones are asked for. */
export const iterationsQuery = (project: number) =>
  infiniteQueryOptions({
    queryKey: ['projects', project, 'ledgers'],
    queryFn: ({ pageParam, signal }) =>
      get(`projects/${project}/ledgers`, { limit: FIRST, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: ({ state }) => following(state.data?.pages.some(({ items }) => items.some(isUnderWay))),
  })

function isUnderWay({ state, over_control }: Iteration): boolean {
  return isOpen(state) || isOpen(over_control?.comparison?.state)
}

/** Asks for the comparison of two evaluations; what shows it follows how far it is. */
export function useCompareWithControl() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (pair: { a: number; b: number }) => post('comparisons', pair),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['ledgers'] }),
        queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === 'ledgers' }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}
