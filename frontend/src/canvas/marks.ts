/** What is drawn over an image, as plain values: the editor, the image page and the grid make marks, `paint` draws them. */

import type { FinerShape } from '../api/types'
import type { Point, Size, Xyxy } from './box'

/** Ground truth is solid, a prediction dashed, a suggestion dotted: the line says it without the colour. */
export type Stroke = 'solid' | 'dashed' | 'dotted'

export type Mark = {
  readonly key: string
  /** Image pixels. */
  readonly box: Xyxy
  /** Drawn instead of the box, where there is one. */
  readonly shape?: FinerShape | null | undefined
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
  /** Thin and pale: there to be seen, not to be touched. */
  readonly faint?: boolean
}

export type Name = { readonly mark: Mark; readonly x: number; readonly y: number; readonly width: number }

export const NAME_HEIGHT = 16
const NAME_PADDING = 4
/** A name may stick out over a box that is narrower than it by this much (screen pixels). */
const OVERHANG = 12

/**
 * Places names at their boxes, in screen pixels: above the box, else below, else at its right or left, never on it. A
 * name is left out where its box is too narrow for it (unless `crowded`), where no side has room or another name stands;
 * what is selected or hovered always has one, inside at the top only if its box leaves no room on any side.
 */
export function placeNames(
  marks: readonly Mark[],
  place: (mark: Mark) => Xyxy,
  measure: (text: string) => number,
  screen: Size,
  crowded = false,
): readonly Name[] {
  const placed = new Rows()
  for (const mark of [...marks].sort(byClaim)) {
    const wanted = isForced(mark)
    const box = place(mark)
    const [x1, y1, x2, y2] = box
    const outside = x2 < 0 || y2 < 0 || x1 > screen.width || y1 > screen.height
    if (mark.name === '' || outside) continue
    const width = measure(mark.name) + 2 * NAME_PADDING
    if (!wanted && !crowded && x2 - x1 < width - OVERHANG) continue
    const spot = beside(box, width, screen, mark.nameBelow) ?? (wanted ? inside(box, width, screen) : null)
    if (!spot || (!wanted && placed.covers(spot.x, spot.y, width))) continue
    placed.add({ mark, ...spot, width })
  }
  return placed.all.reverse()
}

/** Where a name fits without touching its box: above, below, right, left; below before above where that is asked for. */
function beside([x1, y1, x2, y2]: Xyxy, width: number, screen: Size, belowFirst = false): Point | null {
  const x = Math.min(Math.max(0, x1), Math.max(0, screen.width - width))
  const y = Math.min(Math.max(0, y1), Math.max(0, screen.height - NAME_HEIGHT))
  const above = y1 >= NAME_HEIGHT ? { x, y: y1 - NAME_HEIGHT } : null
  const below = y2 + NAME_HEIGHT <= screen.height ? { x, y: y2 } : null
  const right = x2 + width <= screen.width ? { x: x2, y } : null
  const left = x1 >= width ? { x: x1 - width, y } : null
  return (belowFirst ? (below ?? above) : (above ?? below)) ?? right ?? left
}

/** In a box that leaves no room around it, clear of its upper edge. */
function inside([x1, y1]: Xyxy, width: number, screen: Size): Point {
  return { x: Math.min(Math.max(0, x1 + 2), Math.max(0, screen.width - width)), y: Math.max(0, y1 + 2) }
}

/** Names that stand already, by the strip of the screen in which they begin: only neighbours are compared. */
class Rows {
  readonly all: Name[] = []
  private readonly rows = new Map<number, Name[]>()

  add(name: Name): void {
    this.all.push(name)
    const row = Math.floor(name.y / NAME_HEIGHT)
    const others = this.rows.get(row)
    if (others) others.push(name)
    else this.rows.set(row, [name])
  }

  covers(x: number, y: number, width: number): boolean {
    const row = Math.floor(y / NAME_HEIGHT)
    return [row - 1, row, row + 1].some((at) => this.rows.get(at)?.some((name) => covers(name, x, y, width)))
  }
}

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
