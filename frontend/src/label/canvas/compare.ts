/** What two versions of a task's labels have in common and where they differ. */

import { sameBox } from '../../canvas/box'
import { sameShape } from '../../canvas/shape'
import type { Content, LabelBox, Verdict } from './content'
import { lookupOf } from './lookup'

function sameLabel(a: LabelBox, b: LabelBox): boolean {
  if (a === b) return true
  return (
    a.class_id === b.class_id &&
    a.ignore === b.ignore &&
    sameBox(a.box, b.box) &&
    sameShape(a.shape, b.shape) &&
    JSON.stringify(a.attributes) === JSON.stringify(b.attributes)
  )
}

/** Whether both hold the same boxes, in whatever order. */
export function sameBoxes(a: Content, b: Content): boolean {
  if (a.boxes === b.boxes) return true
  if (a.boxes.length !== b.boxes.length) return false
  return a.boxes.every((box, place) => {
    const beside = b.boxes[place]
    const other = beside?.id === box.id ? beside : lookupOf(b.boxes).byId.get(box.id)
    return other !== undefined && sameLabel(box, other)
  })
}

export function sameContent(a: Content, b: Content): boolean {
  return a === b || (sameBoxes(a, b) && Object.keys(changedVerdicts(a, b)).length === 0)
}

/** Verdicts of `now` that differ from those of `then`. */
export function changedVerdicts(then: Content, now: Content): Record<number, Verdict> {
  const changed: Record<number, Verdict> = {}
  const ids = new Set([...Object.keys(then.decisions), ...Object.keys(now.decisions)].map(Number))
  for (const id of ids) {
    const verdict = now.decisions[id]?.verdict ?? 'pending'
    if (verdict !== (then.decisions[id]?.verdict ?? 'pending')) changed[id] = verdict
  }
  return changed
}

export type Difference = { added: number; removed: number; relabelled: number; moved: number }

/** What leads from `then` to `now`, counted by object, for the sentence in the conflict dialog. */
export function difference(then: Content, now: Content): Difference {
  const before = new Map(then.boxes.map((box) => [box.id, box]))
  const kept = new Set(now.boxes.map((box) => box.id))
  const counts = { added: 0, removed: 0, relabelled: 0, moved: 0 }
  for (const box of now.boxes) {
    const was = before.get(box.id)
    if (!was) counts.added += 1
    else if (was.class_id !== box.class_id) counts.relabelled += 1
    else if (!sameBox(was.box, box.box) || !sameShape(was.shape, box.shape)) counts.moved += 1
  }
  counts.removed = then.boxes.filter((box) => !kept.has(box.id)).length
  return counts
}
