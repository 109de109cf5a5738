/** What becomes of a shape when its box moves or is stretched: the server's rule (science/shapes/moving.py). Pure. */

import { sameBox, type Xyxy } from './box'
import type { FinerShape, Pair, TurnedBox } from './shape'

/** Of a side: nearer to 45 degrees a turned box's sides cannot be told from the box around it. */
const NEARLY_HALF = 1e-3
/** Thousandths of a pixel are kept, as the server writes them. */
const DIGITS = 1000

/**
 * The shape as its box goes from one place to another: shifted, and stretched as the box is; a turned box keeps its
 * angle. Null for a mask, whose pixels cannot follow.
 */
export function movedShape(shape: FinerShape, before: Xyxy, after: Xyxy): FinerShape | null {
  if (sameBox(before, after)) return shape
  if (shape.kind === 'mask') return null
  const across = (after[2] - after[0]) / (before[2] - before[0])
  const down = (after[3] - after[1]) / (before[3] - before[1])
  const at = ([x, y]: Pair): [number, number] => [
    rounded((x - before[0]) * across + after[0]),
    rounded((y - before[1]) * down + after[1]),
  ]
  if (shape.kind === 'polygon') {
    return { ...shape, parts: shape.parts.map((part) => part.map((ring) => ring.map(at))) }
  }
  const [width, height] = sidesOf(shape, across, down)
  return { ...shape, centre: at(shape.centre), size: [rounded(width), rounded(height)] }
}

const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS

/** Its width and height, stretched: so that the box around it is, or evenly where no sides make that box. */
function sidesOf({ size: [width, height], angle }: TurnedBox, across: number, down: number): Pair {
  if (Math.abs(across - down) < 1e-6 * across) return [width * across, height * down]
  const turn = (angle * Math.PI) / 180
  const [c, s] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))]
  const [wide, high] = [(width * c + height * s) * across, (width * s + height * c) * down]
  const apart = c * c - s * s
  if (Math.abs(apart) > NEARLY_HALF) {
    const sides: Pair = [(wide * c - high * s) / apart, (high * c - wide * s) / apart]
    if (sides[0] > 0 && sides[1] > 0) return sides
  }
  const even = Math.sqrt(across * down)
  return [width * even, height * even]
}
