/**
 * Lines drawn on the map, in its own whole numbers. `inside` is the same arithmetic as the server's (platform/science/geometry/lasso.py),
 * so both mean the same images.
 */

export type Corner = readonly [x: number, y: number]
export type Points = { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }

/** A line of a link stays short: no more corners than this. */
export const MOST_CORNERS = 64

/** For each point whether it is inside the closed line, by even and odd. */
export function inside(points: Points, corners: readonly Corner[]): Uint8Array {
  const { x, y } = points
  const found = new Uint8Array(x.length)
  if (corners.length < 3) return found
  for (let at = 0; at < corners.length; at += 1) {
    const [x1, y1] = corners[at]!
    const [x2, y2] = corners[(at + 1) % corners.length]!
    for (let i = 0; i < found.length; i += 1) {
      if (y1 > y[i]! !== y2 > y[i]! && x[i]! < ((x2 - x1) * (y[i]! - y1)) / (y2 - y1) + x1) found[i]! ^= 1
    }
  }
  return found
}

/** The line with as few corners as keep it within `near` of what was drawn (after Douglas and Peucker). */
export function simplified(line: readonly Corner[], near: number): Corner[] {
  let kept = reduced(line, near)
  for (let allowed = near * 1.5; kept.length > MOST_CORNERS; allowed *= 1.5) kept = reduced(line, allowed)
  return kept
}

function reduced(line: readonly Corner[], near: number): Corner[] {
  const [first, last] = [line[0], line.at(-1)]
  if (line.length < 3 || !first || !last) return [...line]
  let [far, place] = [0, 0]
  for (let at = 1; at < line.length - 1; at += 1) {
    const away = distance(line[at]!, first, last)
    if (away > far) [far, place] = [away, at]
  }
  if (far <= near) return [first, last]
  return [...reduced(line.slice(0, place + 1), near).slice(0, -1), ...reduced(line.slice(place), near)]
}

/** Of a point from the straight line between two others. */
function distance([x, y]: Corner, [x1, y1]: Corner, [x2, y2]: Corner): number {
  const length = Math.hypot(x2 - x1, y2 - y1)
  if (length === 0) return Math.hypot(x - x1, y - y1)
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
}

/** As the address and the query line have it. */
export const written = (corners: readonly Corner[]): string => corners.map((one) => one.join(',')).join(' ')

/** Back from the address; null where it is no line. */
export function read(text: string | undefined): Corner[] | null {
  const pairs = (text ?? '').split(' ').map((pair) => /^(\d{1,6}),(\d{1,6})$/.exec(pair))
  if (pairs.length < 3 || pairs.some((pair) => pair === null)) return null
  return pairs.map((pair) => [Number(pair![1]), Number(pair![2])])
}

/** The query line of what lies inside, within what was asked for before. */
export function lassoQuery(q: string, corners: readonly Corner[], map: number): string {
  const inLasso = `in_lasso("${written(corners)}", map = ${map})`
  return q.trim() ? `(${q.trim()}) and ${inLasso}` : inLasso
}
