/**
 * Shapes finer than a box: polygons with holes, turned boxes, masks; pixels of the upright image. Pure. All of them are
 * drawn and hit as rings under the even-odd rule, worked out once for each shape whatever the zoom.
 */

import type { FinerShape } from '../api/types'
import type { Point, Size, Xyxy } from './box'
import { maskRings, type Pair, type Ring } from './mask'

export type { FinerShape, Pair, Ring }
export type Polygon = Extract<FinerShape, { kind: 'polygon' }>
export type TurnedBox = Extract<FinerShape, { kind: 'turned' }>

const known = new WeakMap<FinerShape, readonly Ring[]>()

/** All rings of a shape, outlines and holes alike: inside is what an odd number of them surrounds. */
export function ringsOf(shape: FinerShape): readonly Ring[] {
  const found = known.get(shape)
  if (found) return found
  const rings = newRings(shape)
  known.set(shape, rings)
  return rings
}

function newRings(shape: FinerShape): readonly Ring[] {
  if (shape.kind === 'polygon') return shape.parts.flat()
  return shape.kind === 'turned' ? [cornersOf(shape)] : maskRings(shape)
}

/** From the one that is top left where the box is not turned, clockwise as one sees the image. */
export function cornersOf({ centre: [x, y], size: [width, height], angle }: TurnedBox): Ring {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
  const corner = (right: number, down: number): Pair => [
    x + (right * width * c - down * height * s) / 2,
    y + (right * width * s + down * height * c) / 2,
  ]
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]
}

/** The box around a shape, inside the image. */
export function boxAround(shape: FinerShape, image: Size): Xyxy {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const ring of ringsOf(shape)) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x)
      box[1] = Math.min(box[1], y)
      box[2] = Math.max(box[2], x)
      box[3] = Math.max(box[3], y)
    }
  }
  const [x1, y1, x2, y2] = box
  return [Math.max(0, x1), Math.max(0, y1), Math.min(image.width, x2), Math.min(image.height, y2)]
}

/** Calls `visit` with each edge of each ring. */
function eachEdge(shape: FinerShape, visit: (a: Pair, b: Pair) => void): void {
  for (const ring of ringsOf(shape)) {
    let before = ring.at(-1)
    for (const point of ring) {
      if (before) visit(before, point)
      before = point
    }
  }
}

/** Whether a point lies inside by the even-odd rule. */
export function isInside(shape: FinerShape, { x, y }: Point): boolean {
  let inside = false
  eachEdge(shape, ([ax, ay], [bx, by]) => {
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  })
  return inside
}

/** Image pixels from a point to the nearest place of the outline. */
export function distanceToShape(shape: FinerShape, point: Point): number {
  let least = Infinity
  eachEdge(shape, (a, b) => {
    least = Math.min(least, distanceToEdge(point, a, b))
  })
  return least
}

export function distanceToEdge({ x, y }: Point, [ax, ay]: Pair, [bx, by]: Pair): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

/** Whether nobody could tell them apart: no point farther than a hundredth of a pixel, masks equal. */
export function sameShape(a: FinerShape | null | undefined, b: FinerShape | null | undefined): boolean {
  if (a === b || (!a && !b)) return true
  if (!a || !b || a.kind !== b.kind) return false
  if (a.kind === 'mask' && b.kind === 'mask') return a.counts === b.counts && a.size.join() === b.size.join()
  const partsOf = (one: FinerShape) => (one.kind === 'polygon' ? one.parts.map((part) => part.length) : [])
  return partsOf(a).join() === partsOf(b).join() && sameRings(ringsOf(a), ringsOf(b))
}

const SAME_PLACE = 0.01

function sameRings(a: readonly Ring[], b: readonly Ring[]): boolean {
  return (
    a.length === b.length &&
    a.every((ring, at) => {
      const other = b[at] ?? []
      return (
        ring.length === other.length &&
        ring.every(([x, y], k) => {
          const [u, v] = other[k] ?? [Number.NaN, Number.NaN]
          return Math.abs(x - u) < SAME_PLACE && Math.abs(y - v) < SAME_PLACE
        })
      )
    })
  )
}

/** `d` of an SVG path, digits to a hundredth of a pixel, to be filled by the even-odd rule; nothing for a plain box. */
export function svgPath(shape: FinerShape | null | undefined): string | undefined {
  if (!shape) return undefined
  const said = (value: number) => Math.round(value * 100) / 100
  return ringsOf(shape)
    .map((ring) => `M${ring.map(([x, y]) => `${said(x)} ${said(y)}`).join('L')}Z`)
    .join('')
}
