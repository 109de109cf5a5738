import type { Curves, DatasetClass } from '../../../api/types'

/** Curves of several evaluations on one chart. Pure. */

export type Point = [number, number | null]
export type ClassChoice = 'mean' | 'all' | number

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

export type Line = {
  key: string
  name: string
  colour: string
  dashed: boolean
  points: Point[]
  of?: number
}

/** Mean precision of the classes that have boxes at each recall, or null where there is none. */
export function meanCurve(curves: Curves['precision_recall']): Point[] {
  const present = curves.filter(({ precision }) => precision.some((value) => value !== null))
  const recall = present[0]?.recall ?? []
  return recall.map((x, at) => {
    const values = present.map(({ precision }) => precision[at] ?? 0)
    return [x, values.reduce((sum, value) => sum + value, 0) / values.length]
  })
}

/** Precision over recall of one evaluation: the mean, one class, or every class that has boxes. */
export function precisionRecallLines(
  curves: Curves,
  chosen: ClassChoice,
  look: Look,
  classes: readonly Pick<DatasetClass, 'id' | 'name' | 'colour'>[],
): Line[] {
  if (chosen === 'mean') return [{ key: 'mean', ...look, points: meanCurve(curves.precision_recall) }]
  return curves.precision_recall
    .filter(({ class_id, precision }) => isChosen(chosen, class_id) && precision.some((value) => value))
    .map(({ class_id, recall, precision }) => {
      const of = classes.find(({ id }) => id === class_id)
      return {
        key: String(class_id),
        name: chosen === 'all' ? `${of?.name ?? ''}` : look.name,
        colour: chosen !== 'all' && look.own ? look.colour : (of?.colour ?? look.colour),
        dashed: look.dashed,
        points: recall.map((x, at): Point => [x, precision[at] ?? null]),
        of: class_id,
      }
    })
}

const isChosen = (chosen: ClassChoice, id: number) => chosen === 'all' || chosen === id

/** F1 at the confidence nearest to where an evaluation was judged. */
export function pointAt(f1: Curves['f1'], conf: number | null): Point | null {
  if (conf === null || f1.length === 0) return null
  const nearest = f1.reduce((best, one) =>
    Math.abs(one.conf - conf) < Math.abs(best.conf - conf) ? one : best,
  )
  return [nearest.conf, nearest.f1]
}
