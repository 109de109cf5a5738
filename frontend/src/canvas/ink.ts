/** Lines of marks: how wide, in which colour, with which dashes, and the dark halo below them. CSS pixels. */

import type { Mark, Stroke } from './marks'

export const LINE = 1.5
export const HALO = 'rgba(0, 0, 0, 0.62)'
export const HALO_WIDTH = 3.5
/** How much of a faint mark's colour is left. */
const FAINT = 0.65
export const DASHES: Record<Stroke, readonly number[]> = { solid: [], dashed: [6, 4], dotted: [0, 5] }

export type Ink = {
  readonly colour: string
  readonly width: number
  readonly cap: CanvasLineCap
  readonly dashes: readonly number[]
  readonly alpha: number
}

export const capOf = ({ stroke }: Pick<Mark, 'stroke'>): CanvasLineCap =>
  stroke === 'dotted' ? 'round' : 'butt'

export const haloOf = (mark: Mark): Ink => ({
  colour: HALO,
  width: lineOf(mark) + HALO_WIDTH - LINE,
  cap: capOf(mark),
  dashes: [],
  alpha: 1,
})

export const inkOf = (mark: Mark): Ink => ({
  colour: mark.colour,
  width: mark.faint ? 1 : lineOf(mark),
  cap: capOf(mark),
  dashes: DASHES[mark.stroke],
  alpha: mark.faint ? FAINT : 1,
})

/** Dots need a little more body than a line to be seen as such. */
export function lineOf({ selected, hovered, stroke }: Pick<Mark, 'selected' | 'hovered' | 'stroke'>): number {
  return LINE + (stroke === 'dotted' ? 1 : 0) + (selected || hovered ? 0.75 : 0)
}
