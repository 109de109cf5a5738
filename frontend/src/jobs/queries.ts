import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Query } from '../api/calls'
import { get, post } from '../api/client'
import { following } from '../api/following'
import { opened } from '../api/stream'
import type { State } from '../api/types'

const ACTIVE: ReadonlySet<State> = new Set<State>(['queued', 'running'])
const OPENING_MS = 1_500

export function isActive(job: { state: State } | null | undefined): boolean {
  return !!job && ACTIVE.has(job.state)
}

type Filter = Query<'get', 'jobs'>

export const jobsQuery = (filter: Filter = {}) =>
  queryOptions({
    queryKey: ['jobs', 'list', filter],
    queryFn: ({ signal }) => get('jobs', { limit: 50, ...filter }, signal),
    refetchInterval: () => following(true),
  })

export const jobQuery = (id: number) =>
  queryOptions({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => get(`jobs/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(!state.data || isActive(state.data)),
  })

/** What is queued or running now, over all projects. Read when news of it arrive already, so that nothing is missed. */
export const runningJobsQuery = queryOptions({
  queryKey: ['jobs', 'active'],
  queryFn: async ({ signal }) => {
    await opened(OPENING_MS)
    const [running, queued] = await Promise.all(
      (['running', 'queued'] as const).map((state) => get('jobs', { state, limit: 20 }, signal)),
    )
    return [...running!.items, ...queued!.items]
  },
  refetchInterval: () => following(true),
})

/** A job that is followed until it has ended; `null` follows nothing. */
export function useJob(id: number | null | undefined) {
  return useQuery({ ...jobQuery(id ?? 0), enabled: !!id })
}

export function useCancelJob() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => post(`jobs/${id}/cancel`),
    onSuccess: (job) => {
      queries.setQueryData(jobQuery(job.id).queryKey, job)
      return queries.invalidateQueries({ queryKey: ['jobs'] })
    },
  })
}

/** Call after any answer 202, so that the line at the top shows the new job at once. */
export function useJobStarted() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['jobs'] })
}
