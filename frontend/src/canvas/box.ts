/** Boxes: `[x1, y1, x2, y2]` in pixels of the EXIF-upright image, origin top-left. Pure, no state. */

export type Xyxy = readonly [x1: number, y1: number, x2: number, y2: number]
export type Point = { readonly x: number; readonly y: number }
export type Size = { readonly width: number; readonly height: number }

/** The eight places where a box can be taken hold of, as compass points. */
export type Handle = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w'
export const HANDLES: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w']

/** The smallest side that a box may have, in image pixels. */
export const MIN_SIDE = 1

export const boxWidth = (box: Xyxy): number => box[2] - box[0]
export const boxHeight = (box: Xyxy): number => box[3] - box[1]
export const boxArea = (box: Xyxy): number => boxWidth(box) * boxHeight(box)
export const boxCentre = (box: Xyxy): Point => ({ x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 })

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/** The box whose corners are two points, in whichever order they come. */
export function spanning(a: Point, b: Point): Xyxy {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)]
}

/** One axis of `clipped`: ordered, inside 0..limit, at least MIN_SIDE long (an image thinner than that is all box). */
function clipSide(a: number, b: number, limit: number): [number, number] {
  const shortest = Math.min(MIN_SIDE, limit)
  const low = clamp(Math.min(a, b), 0, limit)
  const high = clamp(Math.max(a, b), 0, limit)
  if (high - low >= shortest) return [low, high]
  const start = clamp(low, 0, limit - shortest)
  return [start, start + shortest]
}

/** The box ordered, inside the image and with both sides at least MIN_SIDE. */
export function clipped(box: Xyxy, image: Size): Xyxy {
  const [x1, x2] = clipSide(box[0], box[2], image.width)
  const [y1, y2] = clipSide(box[1], box[3], image.height)
  return [x1, y1, x2, y2]
}

/** The box shifted by (dx, dy) as far as the image lets it: its size stays. */
export function movedBy(box: Xyxy, dx: number, dy: number, image: Size): Xyxy {
  const x = clamp(box[0] + dx, 0, Math.max(0, image.width - boxWidth(box)))
  const y = clamp(box[1] + dy, 0, Math.max(0, image.height - boxHeight(box)))
  return [x, y, x + boxWidth(box), y + boxHeight(box)]
}

/**
 * The box with one handle put at `to`. Dragging through the opposite edge turns the box over: the edge that stood
 * still becomes the other side, as in every drawing program.
 */
export function resizedTo(box: Xyxy, handle: Handle, to: Point, image: Size): Xyxy {
  const across = handle.includes('w') ? 'low' : handle.includes('e') ? 'high' : null
  const down = handle.includes('n') ? 'low' : handle.includes('s') ? 'high' : null
  const [x1, x2] = resizeSide([box[0], box[2]], across, to.x, image.width)
  const [y1, y2] = resizeSide([box[1], box[3]], down, to.y, image.height)
  return [x1, y1, x2, y2]
}

/** One axis of `resizedTo`: the `end` that is held goes to `at`; a side that got too short grows from the fixed end. */
function resizeSide(
  side: [number, number],
  end: 'low' | 'high' | null,
  at: number,
  limit: number,
): [number, number] {
  if (end === null) return side
  const fixed = end === 'low' ? side[1] : side[0]
  const held = clamp(at, 0, limit)
  if (Math.abs(held - fixed) >= MIN_SIDE) return [Math.min(held, fixed), Math.max(held, fixed)]
  const outward = held === fixed ? (end === 'low' ? -1 : 1) : Math.sign(held - fixed)
  const grown = fixed + outward * MIN_SIDE
  return clipSide(fixed, grown < 0 || grown > limit ? fixed - outward * MIN_SIDE : grown, limit)
}

/** Which handle the pointer holds after a resize turned the box over: `nw` dragged past the right edge is `ne`. */
export function handleAfterFlip(handle: Handle, fixed: Point, to: Point): Handle {
  const vertical = handle.includes('n') || handle.includes('s') ? (to.y < fixed.y ? 'n' : 's') : ''
  const horizontal = handle.includes('w') || handle.includes('e') ? (to.x < fixed.x ? 'w' : 'e') : ''
  return `${vertical}${horizontal}` as Handle
}

/** Where a handle of the box stands. */
export function handlePoint(box: Xyxy, handle: Handle): Point {
  const centre = boxCentre(box)
  const x = handle.includes('w') ? box[0] : handle.includes('e') ? box[2] : centre.x
  const y = handle.includes('n') ? box[1] : handle.includes('s') ? box[3] : centre.y
  return { x, y }
}

export function contains(box: Xyxy, point: Point): boolean {
  return point.x >= box[0] && point.x <= box[2] && point.y >= box[1] && point.y <= box[3]
}

/** Distance from a point to the nearest place of the box's outline, in the box's unit. */
export function distanceToOutline(box: Xyxy, point: Point): number {
  if (contains(box, point)) {
    return Math.min(point.x - box[0], box[2] - point.x, point.y - box[1], box[3] - point.y)
  }
  const dx = Math.max(box[0] - point.x, 0, point.x - box[2])
  const dy = Math.max(box[1] - point.y, 0, point.y - box[3])
  return Math.hypot(dx, dy)
}

/** Intersection over union, 0..1; 0 where either box is empty. */
export function iou(a: Xyxy, b: Xyxy): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (boxArea(a) + boxArea(b) - shared)
}

/** Equal to within a hundredth of a pixel: what a person would call the same box. */
export function sameBox(a: Xyxy, b: Xyxy): boolean {
  return a.every((value, index) => Math.abs(value - (b[index] ?? Number.NaN)) < 0.01)
}
