import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { del, get, post } from '../../api/client'
import { following } from '../../api/following'
import type { RunStep, State } from '../../api/types'

const isOpen = (state: State | undefined) => state === 'queued' || state === 'running'

export type HistoryFilter = { dataset?: number; slice?: number; class?: string; newest?: boolean }

/** All evaluations of a project, a page of the newest first; older ones are asked for. */
export const historyQuery = (project: number, filter: HistoryFilter) =>
  infiniteQueryOptions({
    queryKey: ['projects', project, 'evaluations', filter],
    queryFn: ({ pageParam, signal }) =>
      get(`projects/${project}/evaluations`, { ...filter, limit: 200, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: ({ state }) =>
      following(state.data?.pages.some(({ items }) => items.some((one) => isOpen(one.state)))),
  })

/** The project's runs as a tree. */
export const lineageQuery = (project: number, dataset: number | undefined) =>
  infiniteQueryOptions({
    queryKey: ['projects', project, 'lineage', dataset ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      get(`projects/${project}/lineage`, { dataset, limit: 100, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: ({ state }) => following(state.data?.pages.some(({ items }) => items.some(isMoving))),
  })

function isMoving({ state, step, gain }: RunStep): boolean {
  return [state, step?.comparison?.state, gain?.comparison?.state].some(isOpen)
}

/** Asks for the comparison of a step; its row shows how far it is. */
export function useCompareStep(project: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (pair: { a: number; b: number }) => post('comparisons', pair),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['projects', project, 'lineage'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

/** Deletes evaluations one after the other; the first that cannot be ends it. */
export function useDeleteEvaluations(project: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (ids: number[]) => {
      for (const id of ids) await del(`evaluations/${id}`)
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['projects', project] }),
        queries.invalidateQueries({ queryKey: ['evaluations'], refetchType: 'none' }), // its own page is about to go
        queries.invalidateQueries({
          predicate: ({ queryKey }) =>
            queryKey[0] === 'datasets' &&
            ['evaluations', 'comparisons', 'runs'].includes(String(queryKey[2])),
        }),
      ]),
  })
}
