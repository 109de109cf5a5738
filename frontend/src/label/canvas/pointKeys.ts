/** Points of a polygon by keys: which one is looked at, and what is done to it. */

import { insertPoint, middleAfter, movePoint, pointAt, removePoint, stepPoint } from '../../canvas/points'
import type { Polygon } from '../../canvas/shape'
import { setShape } from './boxShapes'
import type { Editor } from './editor'
import type { FocusedPoint } from './tools/tool'

type Edited = { readonly id: string; readonly shape: Polygon; readonly place: FocusedPoint | null }

/** The one polygon that is selected and can be edited, with the point of it that is looked at. */
export function editedPolygon(editor: Editor): Edited | null {
  const [box, ...others] = editor.selectedBoxes()
  if (!box || others.length > 0 || box.shape?.kind !== 'polygon' || editor.isLocked(box)) return null
  const { point } = editor.state
  const there = point?.id === box.id && pointAt(box.shape, point) !== undefined
  return { id: box.id, shape: box.shape, place: there ? point : null }
}

export function focusNextPoint(editor: Editor, step: 1 | -1): void {
  const edited = editedPolygon(editor)
  const next = edited && stepPoint(edited.shape, edited.place, step)
  if (edited && next) editor.focusPoint({ ...next, id: edited.id })
}

/** In the middle of the edge after the point that is looked at; it is looked at then. */
export function insertAfterPoint(editor: Editor): void {
  const edited = editedPolygon(editor)
  const middle = edited?.place && middleAfter(edited.shape, edited.place)
  if (!edited?.place || !middle) return
  commit(editor, edited, insertPoint(edited.shape, edited.place, middle))
  editor.focusPoint({ ...edited.place, at: edited.place.at + 1 })
}

const ARROWS: Record<string, readonly [number, number]> = {
  arrowleft: [-1, 0],
  arrowright: [1, 0],
  arrowup: [0, -1],
  arrowdown: [0, 1],
}
const FAR = 10

/** What a key means while a point is looked at; false where it means nothing for it. */
export function performPointKey(word: string, editor: Editor): boolean {
  const edited = editor.state.point ? editedPolygon(editor) : null
  if (!edited?.place || editor.tool.busy) return false
  const arrow = ARROWS[word.replace('shift+', '')]
  if (arrow) nudge(editor, edited, edited.place, arrow, word.startsWith('shift+') ? FAR : 1)
  else if (word === 'delete' || word === 'backspace') remove(editor, edited, edited.place)
  else if (word === 'escape') editor.focusPoint(null)
  else return false
  return true
}

function nudge(
  editor: Editor,
  edited: Edited,
  place: FocusedPoint,
  [dx, dy]: readonly [number, number],
  by: number,
): void {
  const [x, y] = pointAt(edited.shape, place) ?? [0, 0]
  const { width, height } = editor.image
  const to = { x: Math.min(width, Math.max(0, x + dx * by)), y: Math.min(height, Math.max(0, y + dy * by)) }
  commit(editor, edited, movePoint(edited.shape, place, to), `point ${edited.id} ${place.ring} ${place.at}`)
}

function remove(editor: Editor, edited: Edited, place: FocusedPoint): void {
  const shape = removePoint(edited.shape, place)
  if (shape === edited.shape) return
  commit(editor, edited, shape)
  const before = { ...place, at: Math.max(0, place.at - 1) }
  editor.focusPoint(pointAt(shape, before) ? before : null)
}

function commit(editor: Editor, { id }: Edited, shape: Polygon, mergeKey?: string): void {
  editor.commit('reshape', setShape(id, shape, editor.image), mergeKey)
}
