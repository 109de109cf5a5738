/**
 * The document of a label task: its boxes and what was decided about its suggestions, with undo and redo.
 *
 * Everything is immutable. A change is a function `Content -> Content`; `commit` puts its outcome on the undo stack.
 * Verdicts live in the document because taking back an accepted suggestion must take back its box as well.
 */

import { clipped, movedBy, type Size, sameBox, type Xyxy } from '../../canvas/box'
import { placedAt } from './boxShapes'
import { sameContent } from './compare'
import type { Content, LabelBox, Suggestion } from './content'
import { keyFramed } from './keyFrames'
import { lookupOf } from './lookup'
import { judgeEdits } from './suggestions'

/** What a step did, in a word that the interface translates. */
export type StepName =
  | 'draw'
  | 'click'
  | 'fill'
  | 'tighten'
  | 'move'
  | 'resize'
  | 'reshape'
  | 'box_only'
  | 'class'
  | 'ignore'
  | 'delete'
  | 'paste'
  | 'accept'
  | 'reject'
  | 'reopen'
  | 'attributes'
  | 'tracks'
  | 'carry'
  | 'order'
  | 'take_theirs'
  | 'restore'

export type Step = { readonly name: StepName; readonly before: Content; readonly mergeKey: string | null }

/** What can be undone, the last step last, and what can be done again. */
export type History = { readonly past: readonly Step[]; readonly future: readonly Step[] }
const NO_HISTORY: History = { past: [], future: [] }

export type LabelDocument = {
  readonly image: Size
  readonly suggestions: readonly Suggestion[]
  readonly now: Content
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

export type Change = (content: Content) => Content

/** Steps kept for undo; a box list is small, so this is generous. */
const MOST_STEPS = 500

export function openDocument(
  image: Size,
  content: Content,
  suggestions: readonly Suggestion[] = [],
  history: History = NO_HISTORY,
): LabelDocument {
  return { image, suggestions, now: content, past: history.past, future: history.future }
}

/**
 * The document after `change`. A change that changes nothing leaves no step. Steps in a row with the same `mergeKey`
 * (a held arrow key) are undone together.
 */
export function commit(
  document: LabelDocument,
  name: StepName,
  change: Change,
  mergeKey: string | null = null,
): LabelDocument {
  const before = document.now
  const changed = change(before)
  if (changed === before) return document
  const now = isVerdictStep(name)
    ? changed
    : judgeEdits(before, keyFramed(name, before, changed), document.suggestions)
  const last = document.past.at(-1)
  if (mergeKey !== null && last?.mergeKey === mergeKey) return { ...document, now, future: [] }
  const past = [...document.past, { name, before, mergeKey }].slice(-MOST_STEPS)
  return { ...document, now, past, future: [] }
}

function isVerdictStep(name: StepName): boolean {
  return (
    name === 'accept' ||
    name === 'reject' ||
    name === 'reopen' ||
    name === 'take_theirs' ||
    name === 'restore'
  )
}

export function undo(document: LabelDocument): LabelDocument {
  const step = document.past.at(-1)
  if (!step) return document
  const undone = { ...step, before: document.now }
  return {
    ...document,
    now: step.before,
    past: document.past.slice(0, -1),
    future: [...document.future, undone],
  }
}

export function redo(document: LabelDocument): LabelDocument {
  const step = document.future.at(-1)
  if (!step) return document
  const done = { ...step, before: document.now, mergeKey: null }
  return {
    ...document,
    now: step.before,
    past: [...document.past, done],
    future: document.future.slice(0, -1),
  }
}

export function findBox(content: Content, id: string): LabelBox | undefined {
  return lookupOf(content.boxes).byId.get(id)
}

export const newBoxId = (): string => `n${crypto.randomUUID()}`

/** Puts a new box on top. */
export function addBoxes(added: readonly LabelBox[]): Change {
  return (content) => (added.length === 0 ? content : { ...content, boxes: [...content.boxes, ...added] })
}

export function drawnBox(id: string, classId: number, box: Xyxy, image: Size): LabelBox {
  return {
    id,
    object_id: null,
    class_id: classId,
    box: clipped(box, image),
    attributes: {},
    ignore: 'no',
    provenance: 'human',
  }
}

export function setBox(id: string, box: Xyxy, image: Size): Change {
  return mapBoxes([id], (was) => {
    const next = clipped(box, image)
    return sameBox(was.box, next) ? was : { ...placedAt(was, next), provenance: 'human' }
  })
}

/** Moves boxes together: the one that first meets the border stops all, so that they keep their places to each other. */
export function moveBoxes(ids: readonly string[], dx: number, dy: number, image: Size): Change {
  return (content) => {
    const chosen = new Set(ids)
    const moving = content.boxes.filter((box) => chosen.has(box.id))
    const [x, y] = sharedShift(moving, dx, dy, image)
    if (x === 0 && y === 0) return content
    return mapBoxes(ids, (was) => ({
      ...placedAt(was, movedBy(was.box, x, y, image)),
      provenance: 'human',
    }))(content)
  }
}

/** How far all of `boxes` can be moved together (image pixels). */
export function sharedShift(
  boxes: readonly LabelBox[],
  dx: number,
  dy: number,
  image: Size,
): [number, number] {
  const shifts = boxes.map(({ box }) => {
    const moved = movedBy(box, dx, dy, image)
    return [moved[0] - box[0], moved[1] - box[1]] as const
  })
  const least = (values: number[]) =>
    values.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), values[0] ?? 0)
  return [least(shifts.map(([x]) => x)), least(shifts.map(([, y]) => y))]
}

export function setClass(ids: readonly string[], classId: number): Change {
  return mapBoxes(ids, (was) =>
    was.class_id === classId ? was : { ...was, class_id: classId, provenance: 'human' },
  )
}

/** Boxes that count are ignored from now on; where all of them are ignored already, they count again. */
export function toggleIgnore(ids: readonly string[]): Change {
  return (content) => {
    const chosen = new Set(ids)
    const all = content.boxes.filter((box) => chosen.has(box.id)).every((box) => box.ignore !== 'no')
    return mapBoxes(ids, (was) => {
      if (!all && was.ignore !== 'no') return was
      return { ...was, ignore: all ? 'no' : 'region', provenance: 'human' }
    })(content)
  }
}

export function setAttributes(id: string, attributes: Readonly<Record<string, unknown>>): Change {
  return mapBoxes([id], (was) => ({ ...was, attributes }))
}

export function removeBoxes(ids: readonly string[]): Change {
  return (content) => {
    const gone = new Set(ids)
    const boxes = content.boxes.filter((box) => !gone.has(box.id))
    return boxes.length === content.boxes.length ? content : { ...content, boxes }
  }
}

/** Copies of `boxes` as new objects, shifted so that they do not hide what they were copied from. */
export function pastedBoxes(
  boxes: readonly LabelBox[],
  shift: number,
  image: Size,
  id: () => string = newBoxId,
): LabelBox[] {
  return boxes.map((box) => ({
    ...placedAt(box, clipped(movedBy(box.box, shift, shift, image), image)),
    id: id(),
    object_id: null,
    provenance: 'human',
  }))
}

/** Replaces everything, e.g. by what somebody else saved; undo brings the own work back. */
export function replaceContent(content: Content): Change {
  return (was) => (sameContent(was, content) ? was : content)
}

function mapBoxes(ids: readonly string[], edit: (box: LabelBox) => LabelBox): Change {
  const chosen = new Set(ids)
  return (content) => {
    let touched = false
    const boxes = content.boxes.map((box) => {
      const next = chosen.has(box.id) ? edit(box) : box
      touched ||= next !== box
      return next
    })
    return touched ? { ...content, boxes } : content
  }
}
