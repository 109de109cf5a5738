/**
 * Masks in COCO's compressed runs, down the columns, as rings along the borders of their pixels. Outer borders and
 * those of holes come alike; pixels that touch at a corner alone are apart.
 */

export type Pair = readonly [x: number, y: number]
export type Ring = readonly Pair[]

type Mask = { readonly size: readonly [height: number, width: number]; readonly counts: string }

const FIRST_LETTER = 48
const MORE = 0x20
const SIGN = 0x10

/** The run lengths of compressed counts: background first, then foreground, and so on. */
export function countsOf(text: string): number[] {
  const counts: number[] = []
  let [value, shift] = [0, 0]
  for (const letter of text) {
    const bits = letter.charCodeAt(0) - FIRST_LETTER
    value += (bits & 0x1f) * 2 ** shift
    shift += 5
    if (bits & MORE) continue
    if (bits & SIGN) value -= 2 ** shift
    counts.push(counts.length > 2 ? value + (counts.at(-2) ?? 0) : value)
    value = 0
    shift = 0
  }
  return counts
}

export function maskRings({ size: [height], counts }: Mask): Ring[] {
  const pixels = pixelsOf(countsOf(counts), height)
  if (!pixels) return []
  const rings: Ring[] = []
  for (let at = pixels.stride; at < pixels.on.length; at += 1) {
    if (pixels.on[at] && !pixels.on[at - 1] && !pixels.seen[at]) rings.push(ringFrom(pixels, at))
  }
  return rings
}

/** The part of the image that has pixels of the mask, row by row, with an empty pixel around. */
type Pixels = {
  readonly on: Uint8Array
  /** Pixels whose left border some ring has. */
  readonly seen: Uint8Array
  readonly stride: number
  readonly left: number
  readonly top: number
}

type Run = { readonly x: number; readonly from: number; readonly to: number }

function pixelsOf(counts: readonly number[], height: number): Pixels | null {
  const runs = runsOf(counts, height)
  const [first, last] = [runs[0], runs.at(-1)]
  if (!first || !last) return null
  const top = runs.reduce((least, { from }) => Math.min(least, from), Infinity) - 1
  const bottom = runs.reduce((most, { to }) => Math.max(most, to), 0)
  const left = first.x - 1
  const stride = last.x - left + 2
  const on = new Uint8Array(stride * (bottom - top + 1))
  for (const { x, from, to } of runs) {
    for (let y = from; y < to; y += 1) on[(y - top) * stride + x - left] = 1
  }
  return { on, seen: new Uint8Array(on.length), stride, left, top }
}

/** The foreground, cut at the ends of columns: rows `from` up to but without `to` of column `x`. */
function runsOf(counts: readonly number[], height: number): Run[] {
  const runs: Run[] = []
  let at = 0
  counts.forEach((count, place) => {
    const end = at + count
    while (place % 2 === 1 && at < end) {
      const [x, from] = [Math.floor(at / height), at % height]
      const to = Math.min(height, from + end - at)
      runs.push({ x, from, to })
      at += to - from
    }
    at = end
  })
  return runs
}

/** Up, right, down, left: steps of a walk that keeps the mask on its right hand. */
const STEPS = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const

/** Walks once around, from the lower left corner of a pixel whose left neighbour is empty; turns alone are kept. */
function ringFrom({ on, seen, stride, left, top }: Pixels, start: number): Ring {
  const ring: [number, number][] = []
  const [startX, startY] = [start % stride, Math.floor(start / stride) + 1]
  let [x, y, heading] = [startX, startY, 0]
  const isOn = (px: number, py: number) => on[py * stride + px] === 1
  do {
    if (heading === 0) seen[(y - 1) * stride + x] = 1
    const [dx, dy] = STEPS[heading] ?? STEPS[0]
    x += dx
    y += dy
    const turn = turnAt(heading, x, y, isOn)
    if (turn !== 0) ring.push([x + left, y + top])
    heading = (heading + turn + 4) % 4
  } while (x !== startX || y !== startY || heading !== 0)
  return ring
}

/** 1: to the right, -1: to the left, 0: straight on, by the two pixels ahead of a corner. */
function turnAt(heading: number, x: number, y: number, isOn: (x: number, y: number) => boolean): number {
  const ahead = [
    [x - 1, y - 1],
    [x, y - 1],
    [x, y],
    [x - 1, y],
  ] as const
  const [lx, ly] = ahead[heading] ?? ahead[0]
  const [rx, ry] = ahead[(heading + 1) % 4] ?? ahead[0]
  if (!isOn(rx, ry)) return 1
  return isOn(lx, ly) ? -1 : 0
}
