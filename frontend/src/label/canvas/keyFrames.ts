/** A computed box of a track that somebody edits is a key frame from then on. */

import { sameBox } from '../../canvas/box'
import { sameShape } from '../../canvas/shape'
import type { Content, LabelBox } from './content'

export const isComputed = (box: LabelBox): boolean => box.attributes.keyframe === false

/** The content after an edit; what was computed and is edited now is computed no longer. */
export function keyFramed(step: string, before: Content, after: Content): Content {
  if (step === 'tracks' || !after.boxes.some(isComputed)) return after
  const was = new Map(before.boxes.map((box) => [box.id, box]))
  let touched = false
  const boxes = after.boxes.map((box) => {
    const old = was.get(box.id)
    if (!isComputed(box) || !old || isUntouched(old, box)) return box
    touched = true
    const { keyframe: _, ...attributes } = box.attributes
    return { ...box, attributes }
  })
  return touched ? { ...after, boxes } : after
}

const isUntouched = (old: LabelBox, box: LabelBox): boolean =>
  old.class_id === box.class_id && sameBox(old.box, box.box) && sameShape(old.shape, box.shape)
