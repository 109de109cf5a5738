import type { Experiment, ExperimentRun } from '../../api/types'

/** How far its trainings are, 0–1. */
export function shareOf({ runs }: Pick<Experiment, 'runs'>): number {
  if (runs.length === 0) return 0
  return runs.reduce((sum, { progress }) => sum + progress, 0) / runs.length
}

/** Seconds until the last training ends, one after the other, from those that run and those that have ended; else null. */
export function secondsLeft({ runs }: Pick<Experiment, 'runs'>): number | null {
  const took = runs.filter(({ state, seconds }) => state === 'succeeded' && seconds !== null)
  const running = runs.filter(({ state }) => state === 'running')
  const queued = runs.filter(({ state }) => state === 'queued').length
  const now = Math.max(0, ...running.map(({ eta_seconds }) => eta_seconds ?? 0))
  if (took.length === 0) return queued === 0 && now > 0 ? now : null
  const each = took.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) / took.length
  return now + queued * each
}

export const runOf = (runs: ExperimentRun[], arm: 'treatment' | 'control', seed: number) =>
  runs.find((run) => run.arm === arm && run.seed === seed)
