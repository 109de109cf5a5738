/** Strong edges of the picture, for dragged edges to snap to. Pure: grey values in, a place out. */

/** A cut-out of the picture: `values` row by row, 0..255, its top-left pixel at `(x, y)` of the image. */
export type Grey = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly values: ArrayLike<number>
}

/** Grey levels by which the two sides of an edge must differ, on average along the whole edge. */
const STRONG = 12
/** An edge must stand out: so many times the typical step between neighbours around it. */
const STANDS_OUT = 2.5
/** At the end of the reach a step counts half as much as right at the pointer. */
const FAR = 0.5

/**
 * Where the picture's strongest edge near `at` lies, as a line between two pixels (image pixels), or null where none is
 * strong. The strength of a line is the mean signed step across it, so that texture cancels out and an outline adds up.
 */
export function strongestEdge(grey: Grey, axis: 'x' | 'y', at: number, reach: number): number | null {
  const steps = stepsAcross(grey, axis)
  const first = axis === 'x' ? grey.x : grey.y
  let best: { place: number; weight: number; step: number } | null = null
  for (const [index, step] of steps.entries()) {
    const place = first + index + 1
    const distance = Math.abs(place - at)
    const weight = step * (1 - (FAR * distance) / Math.max(reach, 1e-9))
    if (distance <= reach && (best === null || weight > best.weight)) best = { place, weight, step }
  }
  if (best === null || best.step < STRONG || best.step < STANDS_OUT * median(steps)) return null
  return best.place
}

/** |mean step| from each column (`x`) or row (`y`) to the next. */
function stepsAcross({ width, height, values }: Grey, axis: 'x' | 'y'): number[] {
  const [lines, along] = axis === 'x' ? [width, height] : [height, width]
  const [next, further] = axis === 'x' ? [1, width] : [width, 1]
  return Array.from({ length: Math.max(0, lines - 1) }, (_, line) => {
    let sum = 0
    for (let place = 0; place < along; place += 1) {
      const here = line * next + place * further
      sum += (values[here + next] ?? 0) - (values[here] ?? 0)
    }
    return Math.abs(sum) / Math.max(1, along)
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
