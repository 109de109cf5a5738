/** Loose boxes drawn close around their objects: by the detector's candidate, else by the picture. */

import { clipped, iou, type Xyxy } from '../../canvas/box'
import type { LabelBox } from '../canvas/content'
import { setBox } from '../canvas/document'
import type { Editor } from '../canvas/editor'
import { tightTo } from './offers'

/** From this IoU on the box is as close as what was found. */
const SAME = 0.98
/** Boxes for which the picture is looked at in one go, and how many of them at once. */
const MOST = 40
const TOGETHER = 3

/** How many boxes are tighter now, and for how many nothing better was found. */
export type Tightened = { readonly changed: number; readonly left: number }

/** Does it to the selected boxes, in one step; `look` finds the object in the picture. */
export async function tighten(editor: Editor, look: (box: Xyxy) => Promise<Xyxy | null>): Promise<Tightened> {
  const boxes = editor
    .selectedBoxes()
    .filter((box) => !editor.isLocked(box))
    .slice(0, MOST)
  const found = await eachOf(boxes, (box) => betterBox(editor, box, look))
  const better = boxes.flatMap((box, place) => {
    const to = found[place]
    const unchanged = editor.box(box.id)?.box === box.box
    return to && unchanged ? [{ id: box.id, to }] : []
  })
  editor.commit('tighten', (content) =>
    better.reduce((now, { id, to }) => setBox(id, to, editor.image)(now), content),
  )
  return { changed: better.length, left: boxes.length - better.length }
}

/** Null where nothing was found, or only what is there already. */
async function betterBox(
  editor: Editor,
  { box, class_id }: LabelBox,
  look: (box: Xyxy) => Promise<Xyxy | null>,
): Promise<Xyxy | null> {
  const offer = tightTo(editor.state.assist.candidates ?? [], box, class_id)
  const found = offer?.box ?? (await look(box))
  if (!found) return null
  const inside = clipped(found, editor.image)
  return iou(inside, box) >= SAME ? null : inside
}

/** Answers in the order of `items`, a few of them under way at once. */
async function eachOf<Item, Found>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Found>,
): Promise<Found[]> {
  const found: Found[] = []
  for (let from = 0; from < items.length; from += TOGETHER)
    found.push(...(await Promise.all(items.slice(from, from + TOGETHER).map(ask))))
  return found
}
