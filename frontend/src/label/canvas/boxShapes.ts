/** A box with its shape: what is drawn while a box moves is what the server would save. */

import { clipped, type Size, sameBox, type Xyxy } from '../../canvas/box'
import { movedShape } from '../../canvas/movedShape'
import { boxAround, type FinerShape, ringsOf, sameShape } from '../../canvas/shape'
import type { Content, LabelBox } from './content'
import { lookupOf } from './lookup'

type Change = (content: Content) => Content

/** The box at another place, its shape moved and stretched along; a mask cannot follow and is left out. */
export function placedAt(was: LabelBox, box: Xyxy): LabelBox {
  if (!was.shape || sameBox(was.box, box)) return { ...was, box }
  return { ...was, box, shape: movedShape(was.shape, was.box, box) }
}

/** The shape is another, and the box the one around it. */
export function reshaped(was: LabelBox, shape: FinerShape, image: Size): LabelBox {
  return { ...was, shape, box: clipped(boxAround(shape, image), image), provenance: 'human' }
}

/** The boxes stay, their shapes go. */
export function dropShapes(ids: readonly string[]): Change {
  return (content) => {
    const chosen = new Set(ids)
    const has = (box: LabelBox) => chosen.has(box.id) && Boolean(box.shape)
    if (!content.boxes.some(has)) return content
    const bare = (box: LabelBox): LabelBox => ({ ...box, shape: null, provenance: 'human' })
    return { ...content, boxes: content.boxes.map((box) => (has(box) ? bare(box) : box)) }
  }
}

/** Leaves what it is already. */
export function setShape(id: string, shape: FinerShape, image: Size): Change {
  return (content) => {
    const was = content.boxes.find((box) => box.id === id)
    if (!was || sameShape(was.shape, shape)) return content
    return {
      ...content,
      boxes: content.boxes.map((box) => (box === was ? reshaped(box, shape, image) : box)),
    }
  }
}

/** How many boxes had a mask and have none any more. */
export function masksLost(before: Content, after: Content): number {
  const now = lookupOf(after.boxes).byId
  return before.boxes.filter((box) => box.shape?.kind === 'mask' && now.get(box.id)?.shape === null).length
}

const prints = new WeakMap<FinerShape, string>()

/** A few characters that differ where shapes differ by a tenth of a pixel or more. */
export function shapePrint(shape: FinerShape | null | undefined): string {
  if (!shape) return ''
  const known = prints.get(shape)
  if (known !== undefined) return known
  const tenths = (value: number) => Math.round(Math.fround(value) * 10)
  const told =
    shape.kind === 'mask'
      ? shape.counts
      : ringsOf(shape)
          .map((ring) => ring.flat().map(tenths).join(' '))
          .join(';')
  prints.set(shape, told)
  return told
}
