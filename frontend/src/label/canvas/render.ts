/** What the editor shows, as marks, and one function that draws a frame of it. */

import type { Xyxy } from '../../canvas/box'
import type { Mark } from '../../canvas/marks'
import {
  clear,
  type Drawing,
  paintCrosshair,
  paintHandles,
  paintLoupe,
  paintMarks,
  paintMarquee,
} from '../../canvas/paint'
import { boxToScreen } from '../../canvas/viewport'
import { LETTER, ON_IMAGE } from '../../ui/colours'
import type { LabelBox, Suggestion } from './content'
import type { Editor, EditorState } from './editor'
import { beforeMarks, reviewMarks } from './reviewMarks'
import { boxOf, placeOf, verdictOf } from './suggestions'
import { handlesFor } from './tools/hit'
import { DRAWING } from './tools/tool'

/** How a class looks; a class that is gone is grey and has its number for a name. */
export type ClassLook = { readonly name: string; readonly colour: string }
export type Classes = ReadonlyMap<number, ClassLook>

export const classLook = (classes: Classes, id: number): ClassLook =>
  classes.get(id) ?? { name: `#${id}`, colour: '#9a9a96' }

/** The loupe helps where the box on the screen is smaller than this (pixels, the smaller side). */
const SMALL = 56

export function boxMarks(
  { document, selection, hover, preview, look, activeClass }: EditorState,
  classes: Classes,
): Mark[] {
  if (!look.boxes) return []
  const moved = preview?.boxes
  const marks = document.now.boxes
    .filter((box) => !look.hiddenClasses.has(box.class_id))
    .map((box) => markOf(box, moved?.get(box.id), selection.includes(box.id), hover === box.id, classes))
  const drawing = moved?.get(DRAWING)
  if (drawing) {
    const { colour, name } = classLook(classes, activeClass)
    marks.push({ key: DRAWING, box: drawing, colour, name, stroke: 'solid' })
  }
  return marks
}

function markOf(
  box: LabelBox,
  moved: Xyxy | undefined,
  selected: boolean,
  hovered: boolean,
  classes: Classes,
): Mark {
  const { name, colour } = classLook(classes, box.class_id)
  const hatched = box.ignore !== 'no'
  return { key: box.id, box: moved ?? box.box, colour, name, stroke: 'solid', selected, hovered, hatched }
}

/** Open suggestions as dotted violet ghosts; the one that is looked at is washed, one that wants a box gone is crossed. */
export function suggestionMarks(
  { document, suggestion: focused, look }: EditorState,
  classes: Classes,
): Mark[] {
  if (!look.suggestions) return []
  return document.suggestions
    .filter((one) => verdictOf(document.now, one) === 'pending')
    .flatMap((one) => {
      const object = isAboutObject(one) ? boxOf(document.now, one) : undefined
      const box = object?.box ?? placeOf(one)
      return box ? [ghost(one, box, one.id === focused, classes)] : []
    })
}

/** A wrong class or a spurious box is about the object where it now is; the others are about the proposed place. */
const isAboutObject = ({ kind }: Suggestion): boolean => kind === 'wrong_class' || kind === 'spurious'

/** Screen pixels between an object's outline and the ghost around it: both stay to be seen. */
const AROUND = 4

function ghost(suggestion: Suggestion, box: Xyxy, focused: boolean, classes: Classes): Mark {
  const crossed = suggestion.kind === 'spurious'
  const proposed = suggestion.proposed ? classLook(classes, suggestion.proposed.class_id).name : ''
  return {
    key: `s${suggestion.id}`,
    box,
    colour: ON_IMAGE.suggestion,
    stroke: 'dotted',
    name: crossed ? LETTER.suggestion : `${LETTER.suggestion} ${proposed}`,
    nameBelow: true,
    outset: isAboutObject(suggestion) ? AROUND : 0,
    filled: focused,
    hovered: focused,
    crossed,
  }
}

export function predictionMarks(editor: Editor, classes: Classes): Mark[] {
  if (!editor.state.look.predictions) return []
  return editor.predictions.map(({ class_id, box, score }, index) => {
    const { name, colour } = classLook(classes, class_id)
    return { key: `p${index}`, box, colour, stroke: 'dashed', name: `${name} ${score.toFixed(2)}` }
  })
}

/** Draws everything above the picture. `picture` is for the loupe, null until it has loaded. */
export function drawOverlay(
  context: Drawing,
  editor: Editor,
  classes: Classes,
  picture: CanvasImageSource | null,
  ratio: number,
): void {
  const { state, viewport } = editor
  clear(context, viewport.screen, ratio)
  const lookOf = (id: number) => classLook(classes, id)
  const boxes = state.review.showBefore ? beforeMarks(state, lookOf) : boxMarks(state, classes)
  const marks = [
    ...predictionMarks(editor, classes),
    ...boxes,
    ...suggestionMarks(state, classes),
    ...reviewMarks(state, lookOf),
  ]
  paintMarks(context, marks, viewport, state.look.names ? 'room' : 'none')
  paintSelected(context, editor, boxes)
  if (state.preview?.marquee) paintMarquee(context, boxToScreen(viewport, state.preview.marquee))
  if (state.tool === 'draw' && state.pointer) paintCrosshair(context, state.pointer, viewport.screen)
  const focus = state.preview?.focus
  const held = heldMark(editor, boxes)
  if (focus && held && picture && isSmall(boxToScreen(viewport, held.box))) {
    paintLoupe(context, picture, viewport, focus, held)
  }
}

function paintSelected(context: Drawing, editor: Editor, marks: readonly Mark[]): void {
  const [mark, ...others] = marks.filter((one) => one.selected)
  if (!mark || others.length > 0 || editor.state.tool !== 'select') return
  const box = boxToScreen(editor.viewport, mark.box)
  paintHandles(context, box, handlesFor(box[2] - box[0], box[3] - box[1]), mark.colour)
}

function heldMark(editor: Editor, marks: readonly Mark[]): Mark | undefined {
  const [id] = editor.state.preview?.boxes.keys() ?? []
  return marks.find((mark) => mark.key === id)
}

const isSmall = (box: Xyxy): boolean => Math.min(box[2] - box[0], box[3] - box[1]) < SMALL
