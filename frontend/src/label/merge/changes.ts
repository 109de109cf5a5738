import type { Box, ChangeKind, MergeItem, MergePreview, Shape } from '../../api/types'

/** Room shown around a changed box, in shares of its size, and at least this many pixels. */
const AROUND = 0.8
const LEAST_AROUND = 24

/** The part of the image that shows a change: both boxes with room around, inside the image, not thinner than 2:1. */
export function viewOf(shapes: readonly (Shape | null)[], image: { width: number; height: number }): Box {
  const boxes = shapes.flatMap((shape) => (shape ? [shape.box] : []))
  if (boxes.length === 0) return [0, 0, image.width, image.height]
  const x1 = Math.min(...boxes.map((box) => box[0]))
  const y1 = Math.min(...boxes.map((box) => box[1]))
  const x2 = Math.max(...boxes.map((box) => box[2]))
  const y2 = Math.max(...boxes.map((box) => box[3]))
  const longer = Math.max(x2 - x1, y2 - y1)
  const side = longer + 2 * Math.max(longer * AROUND, LEAST_AROUND)
  const [left, right] = span((x1 + x2) / 2, Math.max(side, (side * 4) / 3), image.width)
  const [top, bottom] = span((y1 + y2) / 2, side, image.height)
  return [left, top, right, bottom]
}

/** `length` around `middle`, shifted so that it stays within 0..limit, and cut where that is shorter. */
function span(middle: number, length: number, limit: number): [number, number] {
  const short = Math.min(length, limit)
  const start = Math.min(Math.max(0, middle - short / 2), limit - short)
  return [start, start + short]
}

export const CHANGE_KINDS: readonly ChangeKind[] = [
  'relabelled',
  'moved',
  'relabelled_and_moved',
  'added',
  'removed',
  'reshaped',
  'attributes',
]

/** How many changes there are of each kind, without those that are none. */
export function kindsOf(items: readonly MergeItem[]): readonly [ChangeKind, number][] {
  return CHANGE_KINDS.map((kind): [ChangeKind, number] => [
    kind,
    items.filter((item) => item.change === kind).length,
  ]).filter(([, number]) => number > 0)
}

/** How many objects the merge changes. */
export const totalChanges = ({ counts }: MergePreview): number =>
  counts.added + counts.changed + counts.removed
