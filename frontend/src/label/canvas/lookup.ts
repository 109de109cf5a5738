/** Boxes by id and by object, made once for each list of boxes and only when somebody asks. */

import type { LabelBox } from './content'

export type Lookup = {
  readonly byId: ReadonlyMap<string, LabelBox>
  readonly byObject: ReadonlyMap<number, LabelBox>
}

const made = new WeakMap<readonly LabelBox[], Lookup>()

export function lookupOf(boxes: readonly LabelBox[]): Lookup {
  const known = made.get(boxes)
  if (known) return known
  const lookup = {
    byId: new Map(boxes.map((box) => [box.id, box])),
    byObject: new Map(boxes.flatMap((box) => (box.object_id === null ? [] : [[box.object_id, box]]))),
  }
  made.set(boxes, lookup)
  return lookup
}
