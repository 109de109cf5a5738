import type { QueryClient } from '@tanstack/react-query'
import { moving, readFirstAgain, readMoving } from '../api/following'
import type { Job, JobNews, News } from '../api/types'
import { isActive, jobQuery, runningJobsQuery } from '../jobs/queries'

/**
 * Brings news of jobs into what pages show. A job's progress is written over it wherever it stands; what else hangs on
 * jobs is read again when one begins or ends, and now and then when it says that it is at something else.
 */

const REST_MS = 5_000 // between two reads because of what a job says

type Seen = { state: Job['state']; message: string; readAt: number }

export class Newsroom {
  private readonly seen = new Map<number, Seen>()
  private readonly queries: QueryClient
  private readonly later: (act: () => void, milliseconds: number) => void

  constructor(queries: QueryClient, later = (act: () => void, ms: number) => void setTimeout(act, ms)) {
    this.queries = queries
    this.later = later
  }

  take({ job, spread = 0 }: News): void {
    if (!job) return
    const before = this.seen.get(job.id) ?? this.queries.getQueryData(jobQuery(job.id).queryKey)
    const readAt = this.seen.get(job.id)?.readAt ?? 0
    this.seen.set(job.id, { state: job.state, message: job.message, readAt })
    const wait = spread * 1000 * Math.random()
    if (!isActive(job)) {
      this.seen.delete(job.id)
      this.later(() => this.end(job), wait)
      return
    }
    write(this.queries, job)
    if (before?.state !== job.state) this.later(() => this.begin(job), wait)
    else if (before.message !== job.message) this.goOn(job.id, wait)
  }

  private begin({ id }: JobNews): void {
    readFirstAgain(this.queries)
    readMoving(this.queries, { only: ({ queryKey }) => !isOf(queryKey, id) })
  }

  /** What names the job by its number may show what it has done so far. */
  private goOn(id: number, wait: number): void {
    const seen = this.seen.get(id)
    if (!seen || Date.now() < seen.readAt + REST_MS) return
    seen.readAt = Date.now()
    this.later(
      () => readMoving(this.queries, { only: ({ state }) => (state.data as { job?: unknown })?.job === id }),
      wait,
    )
  }

  /** The end of a job that was seen running has everything read again (useJobWatcher). */
  private end({ id }: JobNews): void {
    readFirstAgain(this.queries)
    const running = this.queries.getQueryData(runningJobsQuery.queryKey)
    if (running?.some((one) => one.id === id))
      this.queries.setQueryData(
        runningJobsQuery.queryKey,
        running.filter((one) => one.id !== id),
      )
    else readMoving(this.queries, {})
    void this.queries.invalidateQueries({ queryKey: jobQuery(id).queryKey })
  }
}

/** The job itself, and what runs now: the news have said it all. */
const isOf = (key: readonly unknown[], id: number): boolean =>
  key[0] === 'jobs' && (key[1] === id || key[1] === 'active')

/** Writes a running job over what was known of it, in whatever moves. */
export function write(queries: QueryClient, job: JobNews): void {
  queries.setQueryData(
    runningJobsQuery.queryKey,
    (jobs) =>
      jobs && (jobs.some(({ id }) => id === job.id) ? jobs : [...jobs, { ...job, result: null } as Job]),
  )
  for (const query of moving(queries)) {
    const data = withJob(query.state.data, job)
    if (data !== query.state.data)
      queries.setQueryData(query.queryKey, data, { updatedAt: query.state.dataUpdatedAt })
  }
}

/** The same with the job's news wherever the job stands; what has none of it stays the same object. */
export function withJob<T>(data: T, job: JobNews, depth = 6): T {
  if (depth === 0 || data === null || typeof data !== 'object') return data
  const one = data as Record<string, unknown>
  if (one.id === job.id && 'cancel_requested' in one) return { ...one, ...job } as T
  const parts = Object.entries(one).map(([key, part]) => [key, withJob(part, job, depth - 1)] as const)
  if (parts.every(([key, part]) => part === one[key])) return data
  return (Array.isArray(data) ? parts.map(([, part]) => part) : Object.fromEntries(parts)) as T
}
