import type { DatasetClass, RowBox } from '../api/types'
import { LETTER, type Meaning, ON_IMAGE } from '../ui/colours'
import type { Mark } from './marks'

type Classes = ReadonlyMap<number, Pick<DatasetClass, 'name' | 'colour'>>

/**
 * Boxes of an image as marks: ground truth solid, prediction dashed. With an evaluation the colour is the verdict and
 * the letter in the name says the same; without one it is the class.
 */
export function rowMarks(boxes: readonly RowBox[], classes: Classes): Mark[] {
  return boxes.map((one) => {
    const look = classes.get(one.class_id)
    return {
      key: `${one.kind}${one.id}`,
      box: one.box,
      shape: one.shape,
      colour: one.verdict ? ON_IMAGE[one.verdict] : (look?.colour ?? '#9a9a96'),
      stroke: one.kind === 'gt' ? 'solid' : 'dashed',
      hatched: isIgnored(one.ignore),
      name: nameOf(one, look?.name ?? `#${one.class_id}`),
    }
  })
}

/** Left out where a box counts. */
export const isIgnored = (ignore: RowBox['ignore']): boolean => ignore !== undefined && ignore !== 'no'

function nameOf({ verdict, score, kind }: RowBox, name: string): string {
  const letter = verdict ? `${LETTER[verdict as Meaning]} ` : ''
  return kind === 'pred' && score !== undefined ? `${letter}${name} ${score.toFixed(2)}` : `${letter}${name}`
}

/** What a cell says to those who do not see it: "3 vehicle, 1 bike". */
export function boxesInWords(boxes: readonly RowBox[], classes: Classes): string {
  const counts = new Map<number, number>()
  for (const { kind, class_id, ignore } of boxes) {
    if (kind === 'gt' && !isIgnored(ignore)) counts.set(class_id, (counts.get(class_id) ?? 0) + 1)
  }
  return [...counts].map(([id, number]) => `${number} ${classes.get(id)?.name ?? ''}`).join(', ')
}
