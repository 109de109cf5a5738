/**
 * Points as discs, written straight into the picture's pixels: a hundred thousand take a few milliseconds, on every
 * machine alike. Pure: arrays in, pixels out.
 */

export type Raster = { readonly pixels: Uint32Array; readonly width: number; readonly height: number }

/** `#rrggbb` and an opacity as a pixel of little-endian RGBA. */
export function ink(colour: string, alpha = 255): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return ((alpha << 24) | (b! << 16) | (g! << 8) | r!) >>> 0
}

/** For each row of a disc, from which to which column, from its middle. */
export function discRows(radius: number): readonly number[] {
  const whole = Math.floor(radius)
  return Array.from({ length: 2 * whole + 1 }, (_, at) =>
    Math.floor(Math.sqrt(Math.max(0, radius * radius - (at - whole) ** 2))),
  )
}

/** One disc; what lies outside the picture is cut off. */
export function disc(raster: Raster, x: number, y: number, rows: readonly number[], pixel: number): void {
  const { pixels, width, height } = raster
  const [left, top] = [Math.round(x), Math.round(y) - (rows.length >> 1)]
  for (let at = 0; at < rows.length; at += 1) {
    const row = top + at
    if (row < 0 || row >= height) continue
    const from = Math.max(0, left - rows[at]!)
    const to = Math.min(width - 1, left + rows[at]!)
    if (to >= from) pixels.fill(pixel, row * width + from, row * width + to + 1)
  }
}
