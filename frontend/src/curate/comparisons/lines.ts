import type { DatasetClass, OverConfidence } from '../../api/types'

/** Curves of several evaluations on one chart. Pure. */

export type Point = [number, number | null]
export type ClassChoice = 'mean' | 'all' | number
type Known = readonly Pick<DatasetClass, 'id' | 'name' | 'colour'>[]

/** As an address or a field has it; the mean where it is neither a class nor all. */
export function classChoice(value: unknown): ClassChoice {
  if (value === 'all') return 'all'
  return Number(value) > 0 ? Number(value) : 'mean'
}

/** What one evaluation's lines look like. */
export type Look = {
  name: string
  colour: string
  dashed: boolean
  /** A class's line is drawn in this look's colour, not in the class's. */
  own?: boolean
}

export type Line = Look & {
  points: Point[]
  /** Average precision at that IoU. */
  ap: number | null
  of?: number
}

/** Precision over recall of one evaluation: the mean, one class, or every class that has boxes. */
export function recallLines(
  { recall, mean, classes }: OverConfidence['precision_recall'],
  chosen: ClassChoice,
  look: Look,
  known: Known,
): Line[] {
  // Up to the highest recall that is reached, where the name stands.
  const pointsOf = (precision: (number | null)[]) =>
    recall.flatMap((x, at): Point[] => (precision[at] ? [[x ?? 0, precision[at]]] : []))
  if (chosen === 'mean') return [{ ...look, ap: mean.AP, points: pointsOf(mean.precision) }]
  return classes
    .filter(({ class_id, AP }) => (chosen === 'all' || chosen === class_id) && AP !== null)
    .map(({ class_id, AP, precision }) => {
      const of = known.find(({ id }) => id === class_id)
      return {
        ...look,
        name: chosen === 'all' ? (of?.name ?? '') : look.name,
        colour: chosen !== 'all' && look.own ? look.colour : (of?.colour ?? look.colour),
        ap: AP,
        points: pointsOf(precision),
        of: class_id,
      }
    })
}

/** F1 over confidence of one evaluation: of a class, or in the mean. */
export function f1Line({ conf, mean, classes }: OverConfidence['confidence'], chosen: ClassChoice): Point[] {
  const f = classes.find(({ class_id }) => class_id === chosen)?.f ?? mean.f
  return conf.map((x, at): Point => [x ?? 0, f[at] ?? null])
}

/** The point of a line nearest to where an evaluation was judged. */
export function pointAt(line: readonly Point[], conf: number | null): Point | null {
  if (conf === null || line.length === 0) return null
  return line.reduce((best, one) => (Math.abs(one[0] - conf) < Math.abs(best[0] - conf) ? one : best))
}
