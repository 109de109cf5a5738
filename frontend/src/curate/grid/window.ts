/**
 * Which rows of a list are in sight. All rows are alike, so that takes a division, not a table. A list may be taller than
 * a browser can draw: then the scroll bar stands for a shorter one, and places are converted. Pure.
 */

/** CSS pixels. Browsers stop at 17 to 33 million; below this, places are exact. */
export const TALLEST = 8_000_000

export type Sizes = {
  /** Height of the whole list, and of what is in sight, CSS pixels. */
  readonly total: number
  readonly sight: number
}

/** The height that the scroll bar is given. */
export const barHeight = ({ total }: Sizes): number => Math.min(total, TALLEST)

/** Pixels of the list for each pixel of the scroll bar: 1 where the list is not too tall. */
export function scaleOf({ total, sight }: Sizes): number {
  if (total <= TALLEST || TALLEST <= sight) return 1
  return (total - sight) / (TALLEST - sight)
}

/** From the scroll bar's place to the list's, and back. */
export const toList = (scrolled: number, sizes: Sizes): number => scrolled * scaleOf(sizes)
export const toBar = (top: number, sizes: Sizes): number => top / scaleOf(sizes)

/** The list's place held between its ends. */
export const held = (top: number, { total, sight }: Sizes): number =>
  Math.min(Math.max(0, top), Math.max(0, total - sight))

/** Rows to be in the page beyond those in sight, on either side. */
const AHEAD = 3

/** First row to draw and one past the last. */
export function rowsNear(
  top: number,
  sight: number,
  rowHeight: number,
  rows: number,
): readonly [number, number] {
  const first = Math.floor(top / rowHeight) - AHEAD
  const end = Math.ceil((top + sight) / rowHeight) + AHEAD
  return [Math.min(Math.max(0, first), rows), Math.min(Math.max(0, end), rows)]
}

/** Where to be so that a row is in sight, moving as little as that takes. */
export function topFor(row: number, rowHeight: number, top: number, sight: number): number {
  const start = row * rowHeight
  if (start < top) return start
  if (start + rowHeight > top + sight) return start + rowHeight - sight
  return top
}
