/**
 * Which box lies over which. The height of a box is its attribute `z_order` (CVAT's name for it), 0 where it has none;
 * of two at one height the later in the list lies on top. So the order is a fact of the object: it is saved, merged and
 * exported as attributes are.
 */

import type { LabelBox } from './content'
import type { Change } from './document'

export const HEIGHT = 'z_order'

export function heightOf({ attributes }: LabelBox): number {
  const height = attributes[HEIGHT]
  return typeof height === 'number' && Number.isFinite(height) ? height : 0
}

export const toFront = (ids: readonly string[]): Change => lifted(ids, 1)
export const toBack = (ids: readonly string[]): Change => lifted(ids, -1)

/** Puts boxes above (1) or below (-1) all others; among each other they stay as they lie. */
function lifted(ids: readonly string[], way: 1 | -1): Change {
  return (content) => {
    const chosen = new Set(ids)
    const [moving, others] = parted(content.boxes, (box) => chosen.has(box.id))
    if (moving.length === 0 || others.length === 0) return content
    const limit = others.reduce((most, box) => Math.max(most, way * heightOf(box)), -Infinity)
    const nearest = moving.reduce((least, box) => Math.min(least, way * heightOf(box)), Infinity)
    if (nearest > limit) return content
    const shift = way * (limit + 1 - nearest)
    const boxes = content.boxes.map((box) =>
      chosen.has(box.id) ? atHeight(box, heightOf(box) + shift) : box,
    )
    return { ...content, boxes }
  }
}

function parted(boxes: readonly LabelBox[], is: (box: LabelBox) => boolean): [LabelBox[], LabelBox[]] {
  return [boxes.filter(is), boxes.filter((box) => !is(box))]
}

/** Height 0 is what a box has anyway: then nothing is written on it. */
function atHeight(box: LabelBox, height: number): LabelBox {
  const { [HEIGHT]: _, ...others } = box.attributes
  return {
    ...box,
    attributes: height === 0 ? others : { ...others, [HEIGHT]: height },
    provenance: 'human',
  }
}
