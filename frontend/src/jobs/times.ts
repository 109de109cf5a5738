import type { Job } from '../api/types'

/** Seconds that a job has run, or ran; null before it starts. */
export function secondsTaken(job: Pick<Job, 'started_at' | 'finished_at'>, now = Date.now()): number | null {
  if (!job.started_at) return null
  const end = job.finished_at ? new Date(job.finished_at).getTime() : now
  return Math.max(0, (end - new Date(job.started_at).getTime()) / 1000)
}
