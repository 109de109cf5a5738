import type { Box, Change } from '../../api/types'

/** How much of the image stands around the boxes, in box sizes. */
const ROOM = 0.9
const SMALLEST_PX = 96

/** Smallest box around all; null when there is none. */
export function around(boxes: Box[]): Box | null {
  if (boxes.length === 0) return null
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ]
}

/**
 * The part of the image to show for boxes: with room around them, of the given shape, inside the image where it fits.
 * @param aspect height over width of the part
 */
export function cropAround(boxes: Box[], width: number, height: number, aspect = 0.75): Box {
  const box = around(boxes) ?? [0, 0, width, height]
  const [w, h] = [box[2] - box[0], box[3] - box[1]]
  const room = Math.max(SMALLEST_PX, w * (1 + 2 * ROOM), (h * (1 + 2 * ROOM)) / aspect)
  const wide = Math.min(room, Math.max(width, height / aspect))
  const high = wide * aspect
  const x = inside((box[0] + box[2] - wide) / 2, wide, width)
  const y = inside((box[1] + box[3] - high) / 2, high, height)
  return [x, y, x + wide, y + high]
}

/** Start of a stretch moved into 0–limit; centred when it is longer than that. */
function inside(start: number, length: number, limit: number): number {
  if (length >= limit) return (limit - length) / 2
  return Math.min(Math.max(0, start), limit - length)
}

/** The boxes that a change speaks of. */
export function boxesOf(change: Change): Box[] {
  return [change.before, change.after].flatMap((shape) => (shape ? [shape.box] : []))
}
