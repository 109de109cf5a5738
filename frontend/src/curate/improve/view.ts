import type { CurvePoint, ImproveStep, LearningCurve, PointsGain, PowerLaw } from '../../api/types'
import type { CsvRow } from '../../ui/csv'
import { count, duration, number, points, signedPoints } from '../../ui/format'

/** A gain in points with its interval, as it is said everywhere: +0.6 [+0.1, +1.1]. */
export function gainText(gain: PointsGain | null): string {
  if (gain === null || gain.value === null) return '–'
  const value = signedPoints(gain.value / 100)
  if (gain.low === null || gain.high === null) return value
  return `${value} [${signedPoints(gain.low / 100)}, ${signedPoints(gain.high / 100)}]`
}

/** Minutes as people say them; a dash where nobody knows, and one minute at least where there is any. */
export function minutesText(minutes: number | null): string {
  if (minutes === null) return '–'
  if (minutes <= 0) return duration(0)
  return minutes < 1 ? duration(Math.max(1, minutes * 60)) : duration(Math.round(minutes) * 60)
}

/** What stands between a step and others of its kind: of more of a class, the class. */
export const stepKey = (step: Pick<ImproveStep, 'step' | 'class_id'>): string =>
  `${step.step} ${step.class_id ?? ''}`

/** Points in an hour; a step of seconds may say hundreds of them. */
export const perHour = (many: number): string =>
  many < 100 ? points(many / 100).replace('-', '−') : number(many)

const WITH_DECIMAL = ['at_most', 'smallest', 'expected', 'times'] // points of mAP, and how many times as long

/** The numbers of a sentence, written as the language writes them: points with one decimal, counts whole. */
export function written(params: ImproveStep['why_params']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' ? said(name, value) : value,
    ]),
  )
}

const said = (name: string, value: number) =>
  WITH_DECIMAL.includes(name) ? points(value / 100) : count(Math.round(value))

/** How many of what a step is about: that chooses the plural of its name. */
export function many({ why_params: { suggestions, images, boxes } }: ImproveStep): number {
  const found = [suggestions, images, boxes].find((one) => typeof one === 'number')
  return typeof found === 'number' ? Math.round(found) : 2
}

/** The curve of all classes, or of one: its trainings and the law fitted to them. */
export function curveOf(
  curve: LearningCurve,
  classId: number | undefined,
): { points: CurvePoint[]; law: PowerLaw | null } {
  if (classId === undefined) return { points: curve.points, law: curve.law }
  const found = curve.classes.find((one) => one.class_id === classId)
  return { points: found?.points ?? [], law: found?.law ?? null }
}

/** The chart's numbers as a table: the trainings, then the law. */
export function curveRows(points: readonly CurvePoint[], law: PowerLaw | null): CsvRow[] {
  return [
    ['what', 'n', 'ap', 'low', 'high'],
    ...points.map(({ run, n, ap, low, high }): CsvRow => [run.name, n, ap, low, high]),
    ...(law?.line ?? []).map(({ n, ap, low, high }): CsvRow => ['law', n, ap, low, high]),
  ]
}

/** Where the axis begins: a round ten below all that is drawn, never below 0. A stacked band would begin it at 0. */
export function floorOf(points: CurvePoint[], law: PowerLaw | null): number {
  const lowest = Math.min(...[...points, ...(law?.line ?? [])].map(({ ap, low }) => low ?? ap))
  return Math.max(0, Math.floor(10 * lowest) * 10)
}
