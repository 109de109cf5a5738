/** Boxes that nobody can hit or change by accident: single ones, and all of a class. */

import type { Content, LabelBox } from './content'
import type { Change } from './document'
import { lookupOf } from './lookup'

export type Locks = { readonly boxes: ReadonlySet<string>; readonly classes: ReadonlySet<number> }

export const NO_LOCKS: Locks = { boxes: new Set(), classes: new Set() }

export const isLocked = ({ boxes, classes }: Locks, box: LabelBox): boolean =>
  boxes.has(box.id) || classes.has(box.class_id)

export const anyLocked = ({ boxes, classes }: Locks): boolean => boxes.size > 0 || classes.size > 0

/** `set` with all of `items`, or without them where it had them all already. */
export function toggledAll<T>(set: ReadonlySet<T>, items: readonly T[]): ReadonlySet<T> {
  const without = items.every((item) => set.has(item))
  const next = new Set(set)
  for (const item of items) {
    if (without) next.delete(item)
    else next.add(item)
  }
  return next
}

/**
 * `change`, leaving locked boxes as they are; `spared` hears how many there were. With `whole`, a change that would touch
 * one does nothing at all: half of a verdict is none.
 */
export function sparing(
  change: Change,
  locks: Locks,
  whole: boolean,
  spared: (count: number) => void,
): Change {
  if (!anyLocked(locks)) return change
  return (content) => {
    const after = change(content)
    if (after.boxes === content.boxes) return after
    const touched = touchedOf(content, after, locks)
    if (touched.size === 0) return after
    spared(touched.size)
    return whole ? content : withThose(content, after, touched)
  }
}

function touchedOf(before: Content, after: Content, locks: Locks): ReadonlySet<string> {
  const { byId } = lookupOf(after.boxes)
  const touched = before.boxes.filter((box) => isLocked(locks, box) && byId.get(box.id) !== box)
  return new Set(touched.map((box) => box.id))
}

function withThose(before: Content, after: Content, kept: ReadonlySet<string>): Content {
  const now = lookupOf(after.boxes).byId
  const was = lookupOf(before.boxes).byId
  const stayed = before.boxes.flatMap((box) => (kept.has(box.id) ? box : (now.get(box.id) ?? [])))
  const boxes = [...stayed, ...after.boxes.filter((box) => !was.has(box.id))]
  const same = boxes.length === before.boxes.length && boxes.every((box, at) => box === before.boxes[at])
  return same ? before : { ...after, boxes }
}
