/** Rings with fewer points (Douglas and Peucker): what is thinner than one can see is left out. Pure. */

import type { Pair, Ring } from './mask'

/** The ring without points that lie within `tolerance` of the line without them; three points stay, whatever happens. */
export function simplified(ring: Ring, tolerance: number): Ring {
  const [first] = ring
  if (!first || ring.length <= 3) return ring
  const far = farthestFrom(first, ring)
  const kept = new Uint8Array(ring.length + 1)
  kept[0] = 1
  kept[far] = 1
  const closed = [...ring, first]
  const least = tolerance * tolerance
  keep(closed, 0, far, least, kept)
  keep(closed, far, ring.length, least, kept)
  const left = ring.filter((_, at) => kept[at])
  return left.length >= 3 ? left : ring
}

function farthestFrom([x, y]: Pair, ring: Ring): number {
  let [found, most] = [1, -1]
  ring.forEach(([u, v], at) => {
    const away = (u - x) ** 2 + (v - y) ** 2
    if (away > most) [found, most] = [at, away]
  })
  return found
}

/** Keeps what is needed between two points that are kept; `least` is the tolerance squared. */
function keep(ring: Ring, start: number, end: number, least: number, kept: Uint8Array): void {
  const todo = [[start, end] as const]
  for (let pair = todo.pop(); pair; pair = todo.pop()) {
    const [from, to] = pair
    const at = outermost(ring, from, to, least)
    if (at < 0) continue
    kept[at] = 1
    todo.push([from, at], [at, to])
  }
}

/** The point between two that lies farthest off their line; -1 where none is off by more than the tolerance. */
function outermost(ring: Ring, from: number, to: number, least: number): number {
  const [ax, ay] = ring[from] ?? [0, 0]
  const [bx, by] = ring[to] ?? [0, 0]
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  let [found, most] = [-1, least]
  for (let at = from + 1; at < to; at += 1) {
    const [x, y] = ring[at] ?? [0, 0]
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
    const away = (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2
    if (away > most) [found, most] = [at, away]
  }
  return found
}
