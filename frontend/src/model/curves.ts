import type { EpochMetrics } from '../api/types'
import type { CsvRow } from '../ui/csv'

export type CurveGroup = 'loss' | 'figures' | 'rate'
/** One line of a chart: points (epoch, value). */
export type Curve = { name: string; points: [number, number][] }

/** Sorts what an engine reports into the three charts. Names are the engine's own. */
export function groupOf(metric: string): CurveGroup {
  if (/loss/i.test(metric)) return 'loss'
  if (/^lr\b|learning/i.test(metric)) return 'rate'
  return 'figures'
}

/** The curves of one chart, in the order in which the engine first named them. */
export function curvesOf(epochs: EpochMetrics[], group: CurveGroup): Curve[] {
  const curves = new Map<string, Curve>()
  for (const { epoch, metrics } of epochs) {
    for (const [name, value] of Object.entries(metrics)) {
      if (groupOf(name) !== group || !Number.isFinite(value)) continue
      const curve = curves.get(name) ?? { name, points: [] }
      curve.points.push([epoch, value])
      curves.set(name, curve)
    }
  }
  return [...curves.values()]
}

export type RunCurve<R> = Curve & { run: R }

/** The metrics of several runs that can be drawn, in the engine's order: figures first, then losses. */
export function metricNames(epochs: EpochMetrics[][]): string[] {
  const named = (group: CurveGroup) => epochs.flatMap((rows) => curvesOf(rows, group).map(({ name }) => name))
  return [...new Set([...named('figures'), ...named('loss')])]
}

/** One metric of every run that has it; `epochs` are the runs' in the same order. */
export function curvesOfRuns<R extends { name: string }>(
  runs: R[],
  epochs: EpochMetrics[][],
  metric: string,
): RunCurve<R>[] {
  return runs.flatMap((run, index) => {
    const points = (epochs[index] ?? []).flatMap(({ epoch, metrics }): [number, number][] => {
      const value = metrics[metric]
      return value !== undefined && Number.isFinite(value) ? [[epoch, value]] : []
    })
    return points.length > 0 ? [{ name: run.name, points, run }] : []
  })
}

/** The curves as a table: one row per epoch, one column per curve. */
export function curveRows(curves: Curve[]): CsvRow[] {
  const epochs = [...new Set(curves.flatMap(({ points }) => points.map(([epoch]) => epoch)))].sort(
    (a, b) => a - b,
  )
  const values = curves.map(({ points }) => new Map(points))
  return [
    ['epoch', ...curves.map(({ name }) => name)],
    ...epochs.map((epoch) => [epoch, ...values.map((of) => of.get(epoch) ?? null)]),
  ]
}

/** A metric's name without the engine's dressing: `metrics/mAP50-95(B)` → `mAP50-95`. */
export function shortName(metric: string): string {
  return metric
    .replace(/^.*\//, '')
    .replace(/\(B\)$/, '')
    .replace(/_loss$/, '')
}
