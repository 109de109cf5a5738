/** Masks as pixels: painted, taken away, made of outlines and back into COCO's compressed runs. Pure. */

import type { Point, Size } from './box'
import { countsOf } from './mask'
import { type FinerShape, ringsOf } from './shape'

export type Mask = Extract<FinerShape, { kind: 'mask' }>
/** One byte a pixel, row by row: 1 is part of the mask. */
export type Pixels = Uint8Array

/** The pixels whose middle a shape surrounds; a mask gives its own. */
export function pixelsOfShape(shape: FinerShape, image: Size): Pixels {
  const pixels = new Uint8Array(image.width * image.height)
  if (shape.kind === 'mask') readRuns(pixels, shape, image)
  else fillRings(pixels, shape, image)
  return pixels
}

function readRuns(pixels: Pixels, { size: [height], counts }: Mask, { width }: Size): void {
  let at = 0
  countsOf(counts).forEach((count, place) => {
    for (let end = at + count; at < end; at += 1) {
      if (place % 2 === 1) pixels[(at % height) * width + Math.floor(at / height)] = 1
    }
  })
}

function fillRings(pixels: Pixels, shape: FinerShape, { width, height }: Size): void {
  const rings = ringsOf(shape)
  for (let y = 0; y < height; y += 1) {
    const crossed = crossings(rings, y + 0.5).sort((a, b) => a - b)
    for (let pair = 0; pair + 1 < crossed.length; pair += 2) {
      const from = Math.max(0, Math.ceil((crossed[pair] ?? 0) - 0.5))
      const to = Math.min(width, Math.ceil((crossed[pair + 1] ?? 0) - 0.5))
      if (from < to) pixels.fill(1, y * width + from, y * width + to)
    }
  }
}

/** Where a row meets the rings. */
function crossings(rings: ReturnType<typeof ringsOf>, y: number): number[] {
  const found: number[] = []
  for (const ring of rings) {
    let before = ring.at(-1)
    for (const point of ring) {
      if (before && before[1] > y !== point[1] > y) {
        found.push(before[0] + ((y - before[1]) / (point[1] - before[1])) * (point[0] - before[0]))
      }
      before = point
    }
  }
  return found
}

/** Sets the pixels within `radius` of a stroke's points and of the lines between them. */
export function paintStroke(
  pixels: Pixels,
  { width, height }: Size,
  points: readonly Point[],
  radius: number,
  value: 0 | 1,
): void {
  let before = points[0]
  for (const point of points) {
    paintSegment(pixels, { width, height }, before ?? point, point, radius, value)
    before = point
  }
}

function paintSegment(
  pixels: Pixels,
  { width, height }: Size,
  a: Point,
  b: Point,
  radius: number,
  value: 0 | 1,
): void {
  const [top, bottom] = [Math.min(a.y, b.y) - radius, Math.max(a.y, b.y) + radius]
  const [left, right] = [Math.min(a.x, b.x) - radius, Math.max(a.x, b.x) + radius]
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = dx * dx + dy * dy
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y += 1) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x += 1) {
      const [px, py] = [x + 0.5 - a.x, y + 0.5 - a.y]
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
      if ((px - along * dx) ** 2 + (py - along * dy) ** 2 <= radius * radius) pixels[y * width + x] = value
    }
  }
}

/** The mask of pixels; null where there is none. */
export function maskOf(pixels: Pixels, { width, height }: Size): Mask | null {
  const counts: number[] = []
  let [value, run] = [0, 0]
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      if (pixels[y * width + x] === value) run += 1
      else {
        counts.push(run)
        ;[value, run] = [1 - value, 1]
      }
    }
  }
  counts.push(run)
  return counts.length === 1 ? null : { kind: 'mask', size: [height, width], counts: textOf(counts) }
}

/** COCO's compressed counts: five bits a letter, from the third on the difference to the one before the last. */
export function textOf(counts: readonly number[]): string {
  return counts.map((count, at) => letters(at > 2 ? count - (counts[at - 2] ?? 0) : count)).join('')
}

function letters(value: number): string {
  let [left, text, more] = [value, '', true]
  while (more) {
    const bits = left & 0x1f
    left >>= 5
    more = bits & 0x10 ? left !== -1 : left !== 0
    text += String.fromCharCode((more ? bits | 0x20 : bits) + 48)
  }
  return text
}
