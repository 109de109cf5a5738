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
