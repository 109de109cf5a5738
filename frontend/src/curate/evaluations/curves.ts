import type { DatasetClass, OverConfidence } from '../../api/types'

/** A class's curve: recall, precision and the confidence where they are reached. Pure. */
export type Line = { of: DatasetClass; points: [number, number, number][] }

/** The curves of the classes that have any, each up to the highest recall that is reached. */
export function recallLines(
  { recall, classes }: OverConfidence['precision_recall'],
  known: ReadonlyMap<number, DatasetClass>,
): Line[] {
  return classes.flatMap(({ class_id, precision, score }) => {
    const of = known.get(class_id)
    const points = recall.flatMap((x, at): [number, number, number][] => {
      const [y, conf] = [precision[at], score[at]]
      return x !== null && y && conf ? [[x, y, conf]] : []
    })
    return of && points.length ? [{ of, points }] : []
  })
}
