/**
 * Polygons put together and cut out of one another, and rings that cross themselves taken apart: by polyclip-ts, in the
 * one file that knows it. Pure.
 */

import { difference, type Geom, union } from 'polyclip-ts'
import type { Pair, Polygon, Ring } from './shape'

/** Smaller than this (square pixels) a part is a leftover of rounding. */
const LEAST = 0.5
/** Thousandths of a pixel are kept, as the server writes them. */
const DIGITS = 1000

/** What the rings surround, each ring a part; null where that is nothing. */
export function surrounded(...rings: readonly Ring[]): Polygon | null {
  const [first, ...others] = rings.filter((ring) => ring.length >= 3).map((ring) => [open(ring)])
  return first ? polygonOf(union(first, ...others)) : null
}

/** All that any of them covers. */
export function united(first: Polygon, ...others: readonly Polygon[]): Polygon | null {
  return polygonOf(union(geomOf(first), ...others.map(geomOf)))
}

/** The first without what the others cover; null where nothing is left. */
export function without(first: Polygon, ...others: readonly Polygon[]): Polygon | null {
  return polygonOf(difference(geomOf(first), ...others.map(geomOf)))
}

const open = (ring: Ring): [number, number][] => ring.map(([x, y]) => [x, y])

const geomOf = ({ parts }: Polygon): Geom => parts.map((part) => part.map(open))

function polygonOf(found: readonly (readonly Ring[])[]): Polygon | null {
  const parts = found
    .map((part) => part.map(closedRing).filter((ring) => areaOf(ring) >= LEAST))
    .filter((part) => part.length > 0)
  return parts.length === 0 ? null : { kind: 'polygon', parts }
}

/** The library names the first point of a ring again at its end; we do not. */
function closedRing(ring: Ring): [number, number][] {
  const rounded = (value: number) => Math.round(value * DIGITS) / DIGITS
  return ring.slice(0, -1).map(([x, y]) => [rounded(x), rounded(y)])
}

/** Square pixels that a ring surrounds. */
export function areaOf(ring: Ring): number {
  return Math.abs(signedArea(ring))
}

/** Positive where the ring runs clockwise as one sees the image. */
export function signedArea(ring: Ring): number {
  const last: Pair = ring.at(-1) ?? [0, 0]
  return ring.reduce((sum, [x, y], at) => {
    const [px, py] = ring[at - 1] ?? last
    return sum + (px * y - x * py) / 2
  }, 0)
}
