/** Where somebody is in a grid of crops: one that is looked at, and with Shift all from another to it. */

export type Cursor = { readonly at: number; readonly from: number }

export const START: Cursor = { at: 0, from: 0 }

/** A step of so many places, within the grid; `extend` keeps the other end. */
export function moved(cursor: Cursor, step: number, length: number, extend: boolean): Cursor {
  const at = Math.min(Math.max(cursor.at + step, 0), Math.max(length - 1, 0))
  return { at, from: extend ? cursor.from : at }
}

/** The places from one end to the other, in order. */
export function chosen({ at, from }: Cursor): number[] {
  const [first, last] = at < from ? [at, from] : [from, at]
  return Array.from({ length: last - first + 1 }, (_, step) => first + step)
}

/** The next place that is open behind what was just decided, else the one after it. */
export function afterDeciding(cursor: Cursor, open: (place: number) => boolean, length: number): Cursor {
  const last = Math.max(cursor.at, cursor.from)
  for (let at = last + 1; at < length; at += 1) if (open(at)) return { at, from: at }
  const at = Math.min(last + 1, Math.max(length - 1, 0))
  return { at, from: at }
}
