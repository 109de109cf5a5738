import type { EpochMetrics, ExperimentRun } from '../../api/types'
import { type Curve, curvesOf } from '../curves'

export type RunCurve = Curve & { run: ExperimentRun }

/** The metrics that can be drawn, in the engine's order: figures first, then losses. */
export function metricNames(epochs: EpochMetrics[][]): string[] {
  const named = (group: 'figures' | 'loss') =>
    epochs.flatMap((rows) => curvesOf(rows, group).map(({ name }) => name))
  return [...new Set([...named('figures'), ...named('loss')])]
}

/** One metric of every run that has it. */
export function curvesOfRuns(runs: ExperimentRun[], epochs: EpochMetrics[][], metric: string): RunCurve[] {
  return runs.flatMap((run, index) => {
    const points = (epochs[index] ?? []).flatMap(({ epoch, metrics }): [number, number][] => {
      const value = metrics[metric]
      return value !== undefined && Number.isFinite(value) ? [[epoch, value]] : []
    })
    return points.length > 0 ? [{ name: run.name, points, run }] : []
  })
}
