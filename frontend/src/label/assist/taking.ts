/** What is done with offers: taken by a click, changed for the next, taken back; ghosts taken and refused. */

import { clipped, type Point } from '../../canvas/box'
import type { LabelBox } from '../canvas/content'
import { addBoxes, type Change, setClass } from '../canvas/document'
import type { AssistDesk } from './desk'
import { type Offer, offersAt } from './offers'
import { focusedGhost, ghostsOf, liveOffer, offerKey } from './state'

/** Takes the best offer for a click (image pixels). Before the detector has answered the click waits for it. */
export function takeAt(editor: AssistDesk, click: Point): void {
  const { candidates } = editor.state.assist
  if (candidates === null) {
    editor.setAssist({ waiting: click, missed: false })
    return
  }
  const offers = offersFor(editor, click)
  const [best] = offers
  if (!best) {
    editor.select([])
    editor.setAssist({ offer: null, missed: true, waiting: null })
    return
  }
  const box = offeredBox(editor, best)
  editor.commit('click', addBoxes([box]), offerKey(box.id))
  editor.select([box.id])
  editor.setAssist({ offer: { offers, at: 0, boxId: box.id }, missed: false, waiting: null })
  editor.aimAt(null)
}

export function offersFor(editor: AssistDesk, click: Point): readonly Offer[] {
  const labelled = editor.content.boxes.map(({ box }) => box)
  return offersAt(editor.state.assist.candidates ?? [], click, labelled)
}

function offeredBox(editor: AssistDesk, { class_id, box }: Offer): LabelBox {
  return {
    id: editor.newId(),
    object_id: null,
    class_id,
    box: clipped(box, editor.image),
    attributes: {},
    ignore: 'no',
    provenance: 'model',
  }
}

/** The next or previous offer for the same click, round and round, in the place of the one before. */
export function nextOffer(editor: AssistDesk, step: 1 | -1): void {
  const offer = liveOffer(editor.state)
  if (!offer) return
  const { offers, boxId } = offer
  const at = (offer.at + step + offers.length) % offers.length
  const next = offers[at]
  if (!next) return
  editor.commit('click', asOffered(boxId, offeredBox(editor, next)), offerKey(boxId))
  editor.setAssist({ offer: { ...offer, at } })
}

const asOffered =
  (id: string, { class_id, box, provenance }: LabelBox): Change =>
  (content) => ({
    ...content,
    boxes: content.boxes.map((was) => (was.id === id ? { ...was, class_id, box, provenance } : was)),
  })

/** Takes the click back. */
export function refuseOffer(editor: AssistDesk): void {
  editor.undo()
  editor.setAssist({ offer: null })
}

/** Ghosts become boxes, in one step. */
export function takeGhosts(editor: AssistDesk, ghosts: readonly Offer[], classId?: number): void {
  const boxes = ghosts.map((ghost) => offeredBox(editor, ghost))
  const key = `fill ${boxes[0]?.id ?? ''}`
  editor.commit('fill', addBoxes(boxes), key)
  const ids = boxes.map(({ id }) => id)
  if (classId !== undefined) editor.commit('class', setClass(ids, classId), key)
}

/** Takes all that are shown, and leaves the ghosts. */
export function takeAllGhosts(editor: AssistDesk): void {
  takeGhosts(editor, ghostsOf(editor.state))
  editor.setTool('select')
}

/** Takes the ghost that is looked at, as another class where one is given, and goes on to the next. */
export function takeFocused(editor: AssistDesk, classId?: number): boolean {
  const ghost = editor.state.tool === 'fill' ? focusedGhost(editor.state) : null
  if (!ghost) return false
  const place = ghostsOf(editor.state).indexOf(ghost)
  takeGhosts(editor, [ghost], classId)
  focusPlace(editor, place)
  return true
}

export function refuseFocused(editor: AssistDesk): boolean {
  const ghost = focusedGhost(editor.state)
  if (!ghost) return false
  const place = ghostsOf(editor.state).indexOf(ghost)
  editor.setAssist({ refused: new Set([...editor.state.assist.refused, ghost.index]) })
  focusPlace(editor, place)
  return true
}

/** Looks at the ghost that now stands at a place of the list. */
function focusPlace(editor: AssistDesk, place: number): void {
  const ghosts = ghostsOf(editor.state)
  editor.setAssist({ focused: (ghosts[place] ?? ghosts[0])?.index ?? null })
}

export function focusGhost(editor: AssistDesk, step: 1 | -1): boolean {
  const ghosts = ghostsOf(editor.state)
  if (ghosts.length === 0) return false
  const from = ghosts.findIndex(({ index }) => index === editor.state.assist.focused)
  focusPlace(editor, from < 0 && step < 0 ? ghosts.length - 1 : (from + step + ghosts.length) % ghosts.length)
  return true
}
