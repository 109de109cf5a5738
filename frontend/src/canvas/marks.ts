/** What is drawn over an image, as plain values: the editor, the image page and the grid make marks, `paint` draws them. */

import type { Size, Xyxy } from './box'

/** Ground truth is solid, a prediction dashed, a suggestion dotted: the line says it without the colour. */
export type Stroke = 'solid' | 'dashed' | 'dotted'

export type Mark = {
  readonly key: string
  /** Image pixels. */
  readonly box: Xyxy
  /** `#rrggbb` */
  readonly colour: string
  readonly stroke: Stroke
  readonly name: string
  readonly selected?: boolean
  readonly hovered?: boolean
  /** A faint wash inside, for what asks to be looked at. */
  readonly filled?: boolean
  /** Drawn so many screen pixels outside of its box, where another mark stands on the same. */
  readonly outset?: number
  /** Its name stands below the box, for a mark that has another name above. */
  readonly nameBelow?: boolean
  /** Hatched: a label that is ignored, neither object nor background. */
  readonly hatched?: boolean
  /** Drawn through: what a suggestion wants to take away. */
  readonly crossed?: boolean
}

export type Name = { readonly mark: Mark; readonly x: number; readonly y: number; readonly width: number }

export const NAME_HEIGHT = 16
const NAME_PADDING = 4
/** A name may stick out over a box that is narrower than it by this much (screen pixels). */
const OVERHANG = 12

/**
 * Places names at their boxes, in screen pixels: above the box, or inside at its top where the screen ends. A name is
 * left out where its box is too narrow for it (unless `crowded`) or another name stands there; what is selected or
 * hovered always has one.
 */
export function placeNames(
  marks: readonly Mark[],
  place: (mark: Mark) => Xyxy,
  measure: (text: string) => number,
  screen: Size,
  crowded = false,
): readonly Name[] {
  const placed: Name[] = []
  for (const mark of [...marks].sort(byClaim)) {
    const wanted = isForced(mark)
    const [x1, y1, x2, y2] = place(mark)
    const width = measure(mark.name) + 2 * NAME_PADDING
    const outside = x2 < 0 || y2 < 0 || x1 > screen.width || y1 > screen.height
    if (mark.name === '' || outside || (!wanted && !crowded && x2 - x1 < width - OVERHANG)) continue
    const y = mark.nameBelow ? below(y1, y2, screen.height) : above(y1)
    const x = Math.min(Math.max(0, x1), Math.max(0, screen.width - width))
    if (!wanted && placed.some((other) => covers(other, x, y, width))) continue
    placed.push({ mark, x, y, width })
  }
  return placed.reverse()
}

const above = (top: number): number => (top >= NAME_HEIGHT ? top - NAME_HEIGHT : Math.max(0, top))

const below = (top: number, bottom: number, end: number): number =>
  bottom + NAME_HEIGHT <= end ? bottom : Math.max(top, Math.min(bottom, end) - NAME_HEIGHT)

const isForced = (mark: Mark): boolean => Boolean(mark.selected || mark.hovered)

function byClaim(a: Mark, b: Mark): number {
  const claim = (mark: Mark) => (mark.selected ? 2 : 0) + (mark.hovered ? 1 : 0)
  return claim(b) - claim(a) || area(b.box) - area(a.box)
}

const area = (box: Xyxy): number => (box[2] - box[0]) * (box[3] - box[1])

function covers(other: Name, x: number, y: number, width: number): boolean {
  const apartX = x >= other.x + other.width || other.x >= x + width
  const apartY = Math.abs(y - other.y) >= NAME_HEIGHT
  return !apartX && !apartY
}
