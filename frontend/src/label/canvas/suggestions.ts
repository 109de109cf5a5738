/**
 * Suggestions inside the editor: what accepting one does to the boxes, and how an edit by hand decides one.
 *
 * "Corrected" means that a person changed what the suggestion points at, but not into what it proposed.
 */

import { clipped, iou, type Size, sameBox, type Xyxy } from '../../canvas/box'
import { sameShape } from '../../canvas/shape'
import { placedAt } from './boxShapes'
import type { Content, Decision, LabelBox, Labelled, Suggestion, SuggestionKind, Verdict } from './content'
import { lookupOf } from './lookup'

/** A box drawn by hand that covers a "missing" proposal at least this much (IoU) answers it. */
const ANSWERS_MISSING = 0.5
/** An edge dragged by hand onto the proposal at least this closely (IoU) took it. */
const TAKES_PROPOSAL = 0.9

export function verdictOf(content: Content, suggestion: Suggestion): Verdict {
  return content.decisions[suggestion.id]?.verdict ?? 'pending'
}

export const pendingOf = (content: Content, suggestions: readonly Suggestion[]): readonly Suggestion[] =>
  suggestions.filter((suggestion) => verdictOf(content, suggestion) === 'pending')

/** Where on the image the suggestion points. */
export function placeOf(suggestion: Suggestion): Xyxy | null {
  return suggestion.proposed?.box ?? suggestion.given?.box ?? null
}

/** The box that a suggestion speaks of: its object, or the box that its acceptance made. */
export function boxOf(content: Content, suggestion: Suggestion): LabelBox | undefined {
  const made = content.decisions[suggestion.id]?.boxId
  const { byId, byObject } = lookupOf(content.boxes)
  if (made) return byId.get(made)
  return suggestion.object_id === null ? undefined : byObject.get(suggestion.object_id)
}

function decided(content: Content, id: number, decision: Decision): Content {
  return { ...content, decisions: { ...content.decisions, [id]: decision } }
}

/** Carries the proposal out and records "accepted". An object that is gone meanwhile leaves the boxes as they are. */
export function accept(
  suggestion: Suggestion,
  image: Size,
  newId: () => string,
): (content: Content) => Content {
  return (content) => {
    if (verdictOf(content, suggestion) === 'accepted') return content
    const { boxes, boxId } = carriedOut(content, suggestion, image, newId)
    return decided({ ...content, boxes }, suggestion.id, { verdict: 'accepted', boxId })
  }
}

function carriedOut(content: Content, suggestion: Suggestion, image: Size, newId: () => string) {
  const { proposed } = suggestion
  const target = boxOf(content, suggestion)
  if (suggestion.kind === 'missing' && proposed && !target) {
    const made = modelBox(newId(), proposed, image)
    return { boxes: [...content.boxes, made], boxId: made.id }
  }
  if (!target) return { boxes: content.boxes, boxId: null }
  if (suggestion.kind === 'spurious') {
    return { boxes: content.boxes.filter((box) => box.id !== target.id), boxId: target.id }
  }
  const boxes = content.boxes.map((box) =>
    box.id === target.id ? withProposal(box, suggestion, image) : box,
  )
  return { boxes, boxId: target.id }
}

function modelBox(id: string, proposed: Labelled, image: Size): LabelBox {
  const box = clipped(proposed.box, image)
  return {
    id,
    object_id: null,
    class_id: proposed.class_id,
    box,
    attributes: {},
    ignore: 'no',
    provenance: 'model',
  }
}

/** A wrong class changes only the class, a bad outline only the outline: what was right stays as it was drawn. */
function withProposal(box: LabelBox, { kind, proposed }: Suggestion, image: Size): LabelBox {
  if (!proposed) return box
  const edited =
    kind === 'wrong_class'
      ? { ...box, class_id: proposed.class_id }
      : placedAt(box, clipped(proposed.box, image))
  return { ...edited, provenance: 'model' }
}

/** Records "rejected"; the boxes stay. */
export function reject(suggestion: Suggestion): (content: Content) => Content {
  return (content) =>
    verdictOf(content, suggestion) === 'rejected'
      ? content
      : decided(content, suggestion.id, { verdict: 'rejected', boxId: null })
}

/** Opens a decided suggestion again; the boxes stay. */
export function reopen(suggestion: Suggestion): (content: Content) => Content {
  return (content) => {
    if (verdictOf(content, suggestion) === 'pending') return content
    return decided(content, suggestion.id, { verdict: 'pending', boxId: null })
  }
}

/** The content after an edit by hand, with every suggestion decided that the edit answers. */
export function judgeEdits(before: Content, after: Content, suggestions: readonly Suggestion[]): Content {
  let content = after
  if (before.boxes === after.boxes || suggestions.length === 0) return after
  const known = lookupOf(before.boxes).byId
  const added = after.boxes.filter((box) => !known.has(box.id))
  for (const suggestion of suggestions) {
    const decision = judgeOne(before, after, added, suggestion)
    if (decision) content = decided(content, suggestion.id, decision)
  }
  return content
}

function judgeOne(
  before: Content,
  after: Content,
  added: readonly LabelBox[],
  suggestion: Suggestion,
): Decision | null {
  const verdict = verdictOf(before, suggestion)
  if (verdict === 'rejected') return null
  const was = boxOf(before, suggestion)
  if (!was) return verdict === 'pending' ? answeredBy(added, suggestion) : null
  const is = lookupOf(after.boxes).byId.get(was.id)
  if (!touches(suggestion.kind, was, is)) return null
  return { verdict: isAsProposed(is, suggestion) ? 'accepted' : 'corrected', boxId: was.id }
}

/** Whether an edit changed what the suggestion is about: dragging an edge says nothing about a doubted class. */
function touches(kind: SuggestionKind, was: LabelBox, is: LabelBox | undefined): boolean {
  if (!is) return true
  const relabelled = is.class_id !== was.class_id
  const redrawn = !sameBox(is.box, was.box) || !sameShape(is.shape, was.shape)
  if (kind === 'wrong_class') return relabelled
  return kind === 'badly_drawn' ? redrawn : relabelled || redrawn
}

/** A "missing" suggestion that a box drawn by hand answers. */
function answeredBy(added: readonly LabelBox[], suggestion: Suggestion): Decision | null {
  const { kind, proposed } = suggestion
  if (kind !== 'missing' || !proposed) return null
  const drawn = added.find((box) => iou(box.box, proposed.box) >= ANSWERS_MISSING)
  if (!drawn) return null
  return { verdict: isAsProposed(drawn, suggestion) ? 'accepted' : 'corrected', boxId: drawn.id }
}

function isAsProposed(box: LabelBox | undefined, { kind, proposed }: Suggestion): boolean {
  if (kind === 'spurious') return box === undefined
  if (!box || !proposed) return false
  if (kind === 'wrong_class') return box.class_id === proposed.class_id
  const redrawn = iou(box.box, proposed.box) >= TAKES_PROPOSAL
  return kind === 'badly_drawn' ? redrawn : redrawn && box.class_id === proposed.class_id
}
