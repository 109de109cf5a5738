/** Which rows of a long list of equal rows are to be drawn. Pure. */

export type Rows = { readonly first: number; readonly end: number }

/** Rows drawn above and below what is seen, so that a turn of the wheel finds them there. */
const BEYOND = 12
/** Drawn at least, also while the list has no height yet. */
const LEAST = 60

/** `top` and `height` are the scroll place and height of the list, `row` a row's, all in CSS pixels. */
export function visibleRows(count: number, row: number, top: number, height: number): Rows {
  const first = Math.max(0, Math.min(Math.floor(top / row) - BEYOND, count - LEAST))
  const end = Math.min(count, Math.max(first + LEAST, Math.ceil((top + height) / row) + BEYOND))
  return { first, end }
}

/** The scroll place at which the row is in sight; `top` itself where it is already. */
export function scrolledTo(place: number, row: number, top: number, height: number): number {
  if (place * row < top) return place * row
  return (place + 1) * row > top + height ? (place + 1) * row - height : top
}
