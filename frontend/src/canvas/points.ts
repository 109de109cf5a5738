/** Editing a polygon point by point. A point is named by its ring, counted through all parts, and its place there. Pure. */

import type { Point, Xyxy } from './box'
import { distanceToEdge, type Pair, type Polygon, type Ring, ringsOf } from './shape'

export type PointAt = { readonly ring: number; readonly at: number }

const FEWEST = 3
/** Below this many screen pixels (the longer side) points would cover all of a polygon: one zooms in first. */
const ROOM = 40
/** Thousandths of a pixel are kept, as the server writes them. */
const DIGITS = 1000

export const hasRoomForPoints = (box: Xyxy, scale: number): boolean =>
  Math.max(box[2] - box[0], box[3] - box[1]) * scale >= ROOM

const pairOf = ({ x, y }: Point): [number, number] => [
  Math.round(x * DIGITS) / DIGITS,
  Math.round(y * DIGITS) / DIGITS,
]

export const pointAt = (shape: Polygon, { ring, at }: PointAt): Pair | undefined => ringsOf(shape)[ring]?.[at]

export function movePoint(shape: Polygon, place: PointAt, to: Point): Polygon {
  return withRing(shape, place.ring, (ring) => ring.map((pair, at) => (at === place.at ? pairOf(to) : pair)))
}

/** A new point after the one at `place`. */
export function insertPoint(shape: Polygon, place: PointAt, point: Point): Polygon {
  return withRing(shape, place.ring, (ring) => ring.toSpliced(place.at + 1, 0, pairOf(point)))
}

/** The middle of the edge that begins at `place`. */
export function middleAfter(shape: Polygon, place: PointAt): Point | undefined {
  const ring = ringsOf(shape)[place.ring]
  const [a, b] = [ring?.[place.at], ring?.[(place.at + 1) % ring.length]]
  return a && b && { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2 }
}

/**
 * Without one point. A hole of three points goes as a whole, and so does a part of three points with all its holes, but
 * not the last part: then the shape stays as it is.
 */
export function removePoint(shape: Polygon, place: PointAt): Polygon {
  const ring = ringsOf(shape)[place.ring]
  if (!ring) return shape
  if (ring.length > FEWEST) return withRing(shape, place.ring, (was) => was.toSpliced(place.at, 1))
  return withoutRing(shape, place.ring)
}

function withoutRing(shape: Polygon, ring: number): Polygon {
  let count = 0
  const parts = shape.parts.flatMap((part) => {
    const within = ring - count
    count += part.length
    if (within === 0) return []
    return [within > 0 && within < part.length ? part.toSpliced(within, 1) : part]
  })
  return parts.length === 0 ? shape : { ...shape, parts }
}

type Edit = (ring: [number, number][]) => [number, number][]

function withRing(shape: Polygon, place: number, edit: Edit): Polygon {
  let ring = -1
  const parts = shape.parts.map((part) =>
    part.map((was) => {
      ring += 1
      return ring === place ? edit(was) : was
    }),
  )
  return { ...shape, parts }
}

/** The nearest point within `reach` of a place, image pixels. */
export function nearestPoint(shape: Polygon, to: Point, reach: number): PointAt | null {
  return nearest(shape, reach, ([x, y]) => Math.hypot(x - to.x, y - to.y))
}

/** The point at which the nearest edge within `reach` begins. */
export function nearestEdge(shape: Polygon, to: Point, reach: number): PointAt | null {
  return nearest(shape, reach, (pair, at, ring) =>
    distanceToEdge(to, pair, ring[(at + 1) % ring.length] ?? pair),
  )
}

function nearest(
  shape: Polygon,
  reach: number,
  distance: (pair: Pair, at: number, ring: Ring) => number,
): PointAt | null {
  let [found, least]: [PointAt | null, number] = [null, reach]
  ringsOf(shape).forEach((points, ring) => {
    points.forEach((pair, at) => {
      const away = distance(pair, at, points)
      if (away <= least) [found, least] = [{ ring, at }, away]
    })
  })
  return found
}

/** The next point, ring after ring, round and round; the first where there was none. */
export function stepPoint(shape: Polygon, from: PointAt | null, step: 1 | -1): PointAt | null {
  const all = ringsOf(shape).flatMap((points, ring) => points.map((_, at) => ({ ring, at })))
  const place = from ? all.findIndex(({ ring, at }) => ring === from.ring && at === from.at) : -1
  const start = place < 0 && step < 0 ? 0 : place
  return all[(start + step + all.length) % all.length] ?? null
}
