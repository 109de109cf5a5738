/**
 * What the editor shows, as marks on two layers. The still layer holds everything in sight and is drawn anew only when
 * something of it changed; the live layer holds what follows the hand (hovered, selected, dragged) and is cheap. Thus
 * hovering and dragging cost the same with ten boxes and with ten thousand.
 */

import type { Xyxy } from '../../canvas/box'
import { HALO } from '../../canvas/ink'
import type { Mark } from '../../canvas/marks'
import {
  clear,
  type Drawing,
  paintCrosshair,
  paintGuide,
  paintHandles,
  paintLoupe,
  paintMarks,
  paintMarquee,
} from '../../canvas/paint'
import { paintRing, paintStroke, paintTurnHandle } from '../../canvas/paintBrush'
import { paintPoints } from '../../canvas/paintPoints'
import { hasRoomForPoints } from '../../canvas/points'
import { boxToScreen, inSight, toScreen } from '../../canvas/viewport'
import { LETTER, ON_IMAGE } from '../../ui/colours'
import { aimedMarks, ghostSource } from '../assist/marks'
import { trackOf } from '../tracks/track'
import { missingOf, type Schema } from './attributes'
import { placedAt } from './boxShapes'
import { type Classes, classLook } from './classLook'
import type { LabelBox, Suggestion } from './content'
import type { Editor, EditorState } from './editor'
import { isLocked } from './locks'
import { beforeMarks, reviewMarks } from './reviewMarks'
import { boxOf, placeOf, verdictOf } from './suggestions'
import { toneFilter } from './tone'
import { handlesFor } from './tools/hit'
import { DRAWING, type Preview, type ToolName } from './tools/tool'
import { turnHandle } from './tools/turning'

export type { Classes }

/** Something that is drawn beside the boxes: its marks, and the parts of the state from which they are made. */
export type MarkSource = {
  needs(state: EditorState): readonly unknown[]
  marks(editor: Editor, classes: Classes): readonly Mark[]
}

/** What lies below the boxes, and what lies above them. A new kind of mark is a line here. */
export const BELOW: readonly MarkSource[] = [
  { needs: ({ look }) => [look.predictions], marks: predictionMarks },
]
export const ABOVE: readonly MarkSource[] = [
  {
    needs: ({ document, look, suggestion }) => [
      document.now,
      look.suggestions,
      look.suggestions && suggestion,
    ],
    marks: suggestionMarks,
  },
  { needs: ({ ghosts, look }) => [ghosts, look.suggestions], marks: trackMarks },
  ghostSource,
  {
    needs: ({ review, document }) => [review, review.pins.length > 0 && document.now],
    marks: ({ state }, classes) => reviewMarks(state, (id) => classLook(classes, id)),
  },
]

/** Tools with a crosshair. */
const DRAWS: ReadonlySet<ToolName> = new Set<ToolName>(['draw', 'polygon', 'turned', 'click'])
/** The loupe helps where the box on the screen is smaller than this (pixels, the smaller side). */
const SMALL = 56
/** Screen pixels around the screen within which boxes are drawn, for their names and lines. */
const BEYOND = 8
/** With more boxes selected than this, each having its name would hide them. */
const MOST_NAMED = 30

/** The boxes in sight, without those that a gesture has in hand; as they were, while a review shows that. */
export function stillMarks(editor: Editor, classes: Classes): Mark[] {
  if (editor.state.review.showBefore) return beforeMarks(editor.state, (id) => classLook(classes, id))
  const held = editor.state.preview?.boxes
  return editor
    .boxesIn(inSight(editor.viewport, BEYOND))
    .filter((box) => !held?.has(box.id))
    .map((box) => markOf(editor.state, box, classes))
}

/** What is hovered, selected or dragged, where it now is, and the box that is being drawn. */
export function liveMarks(editor: Editor, classes: Classes): Mark[] {
  const { hover, preview, activeClass } = editor.state
  const selection = new Set(editor.selection)
  const marks = liveBoxes(editor, selection).map((box) => ({
    ...markOf(editor.state, previewed(preview, box), classes),
    selected: selection.has(box.id),
    hovered: hover === box.id,
  }))
  const drawing = preview?.boxes.get(DRAWING)
  if (!drawing || !editor.state.look.boxes) return marks
  const { colour, name } = classLook(classes, activeClass)
  return [
    ...marks,
    {
      key: DRAWING,
      box: drawing,
      shape: preview?.shape,
      colour,
      name,
      stroke: preview?.cuts ? 'dashed' : 'solid',
      selected: false,
      hovered: false,
    },
  ]
}

/** The box as the gesture would leave it, its shape with it. */
function previewed(preview: Preview | null, box: LabelBox): LabelBox {
  const place = preview?.boxes.get(box.id)
  if (!place) return box
  return preview?.shape ? { ...box, box: place, shape: preview.shape } : placedAt(box, place)
}

/** From so many on, the index is asked which of the selected boxes are in sight. */
const MANY = 500

function liveBoxes(editor: Editor, selection: ReadonlySet<string>): readonly LabelBox[] {
  const hovered = editor.box(editor.state.hover ?? undefined)
  const more = hovered && !selection.has(hovered.id) ? [hovered] : []
  const chosen =
    selection.size > MANY && !editor.state.preview
      ? editor.boxesIn(inSight(editor.viewport, BEYOND)).filter((box) => selection.has(box.id))
      : editor.selectedBoxes()
  return [...chosen, ...more].filter((box) => editor.isShown(box))
}

/** A box that lacks what its class requires says so behind its name. */
const LACKS = ' ⚠'

/** The schema's required ones, made anew only when the schema is another. */
let required: { readonly of: Schema; readonly some: Schema } = { of: [], some: [] }

function requiredOf(schema: Schema): Schema {
  if (required.of !== schema) required = { of: schema, some: schema.filter((one) => one.required) }
  return required.some
}

function lacks(schema: Schema, box: LabelBox): boolean {
  const wanted = requiredOf(schema)
  return wanted.length > 0 && missingOf(wanted, box).length > 0
}

function markOf({ locks, schema }: EditorState, box: LabelBox, classes: Classes): Mark {
  const { name, colour } = classLook(classes, box.class_id)
  const hatched = box.ignore !== 'no'
  const said = lacks(schema, box) ? name + LACKS : name
  return {
    key: box.id,
    box: box.box,
    shape: box.shape,
    colour,
    name: said,
    stroke: 'solid',
    hatched,
    faint: isLocked(locks, box),
  }
}

/** Open suggestions as dotted violet ghosts; the one that is looked at is washed, one that wants a box gone is crossed. */
export function suggestionMarks(
  { state: { document, suggestion: focused, look } }: Editor,
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

/** What tracks would have in this frame: dotted, in the colour of its class, with the track's number. */
export function trackMarks({ state: { ghosts, look } }: Editor, classes: Classes): Mark[] {
  if (!look.suggestions) return []
  return ghosts.map((box) => {
    const { colour, name } = classLook(classes, box.class_id)
    return { key: box.id, box: box.box, colour, stroke: 'dotted', name: `${name} ${trackOf(box) ?? ''}` }
  })
}

export function predictionMarks(editor: Editor, classes: Classes): Mark[] {
  if (!editor.state.look.predictions) return []
  return editor.predictions.map(({ class_id, box, score }, index) => {
    const { name, colour } = classLook(classes, class_id)
    return { key: `p${index}`, box, colour, stroke: 'dashed', name: `${name} ${score.toFixed(2)}` }
  })
}

/** Everything from which the still layer is made: while all of it is the same, the layer is still right. */
export function stillParts({ state }: Editor): readonly unknown[] {
  const { document, viewport, look, hidden, locks, preview } = state
  const held = preview?.boxes
  const [first] = held?.keys() ?? []
  return [
    viewport,
    document.now.boxes,
    look.boxes,
    look.names,
    look.hiddenClasses,
    hidden,
    locks,
    first === DRAWING ? undefined : first,
    first === DRAWING ? 0 : (held?.size ?? 0),
    ...[...BELOW, ...ABOVE].flatMap((source) => source.needs(state)),
  ]
}

/** Draws what does not follow the hand. */
export function drawStill(context: Drawing, editor: Editor, classes: Classes, ratio: number): void {
  const { state, viewport } = editor
  clear(context, viewport.screen, ratio)
  const of = (sources: readonly MarkSource[]) => sources.flatMap((source) => source.marks(editor, classes))
  const marks = [...of(BELOW), ...stillMarks(editor, classes), ...of(ABOVE)]
  paintMarks(context, marks, viewport, state.look.names ? 'room' : 'none')
}

/** Draws what follows the hand. `picture` is for the loupe, null until it has loaded. */
export function drawLive(
  context: Drawing,
  editor: Editor,
  classes: Classes,
  picture: CanvasImageSource | null,
  ratio: number,
): void {
  const { state, viewport } = editor
  clear(context, viewport.screen, ratio)
  const aimed = aimedMarks(editor, classes)
  const marks = state.review.showBefore ? [] : [...liveMarks(editor, classes), ...aimed]
  const crowd = editor.selection.length > MOST_NAMED
  paintMarks(context, marks, viewport, crowd || state.preview ? 'none' : 'room')
  paintSelected(context, editor, marks)
  for (const { axis, at, to } of state.preview?.guides ?? []) {
    paintGuide(context, toScreen(viewport, { x: at, y: at })[axis], axis, to === 'picture', viewport.screen)
  }
  if (state.preview?.marquee) paintMarquee(context, boxToScreen(viewport, state.preview.marquee))
  paintCorners(context, editor, marks)
  paintBrush(context, editor, classes)
  if (DRAWS.has(state.tool) && state.pointer) paintCrosshair(context, state.pointer, viewport.screen)
  paintHeld(context, editor, marks, picture)
}

/** The corners of an outline that is being drawn. */
function paintCorners(context: Drawing, { viewport }: Editor, marks: readonly Mark[]): void {
  const drawn = marks.find((mark) => mark.key === DRAWING)
  if (drawn?.shape?.kind === 'polygon') paintPoints(context, drawn.shape, viewport, drawn.colour, null)
}

/** The stroke so far, and the brush where the pointer is. */
function paintBrush(context: Drawing, { state, viewport }: Editor, classes: Classes): void {
  const { colour } = classLook(classes, state.activeClass)
  const { preview, pointer, tool, look } = state
  if (preview?.stroke) paintStroke(context, preview.stroke, viewport, preview.stroke.erases ? HALO : colour)
  if ((tool === 'brush' || tool === 'erase') && pointer)
    paintRing(context, pointer, (look.brush / 2) * viewport.scale, tool === 'erase')
}

function paintHeld(
  context: Drawing,
  editor: Editor,
  marks: readonly Mark[],
  picture: CanvasImageSource | null,
): void {
  const { viewport, state } = editor
  const [id] = state.preview?.boxes.keys() ?? []
  const held = marks.find((mark) => mark.key === id)
  const focus = state.preview?.focus
  if (!focus || !held || !picture || !isSmall(boxToScreen(viewport, held.box))) return
  paintLoupe(context, picture, viewport, focus, held, toneFilter(state.look))
}

function paintSelected(context: Drawing, editor: Editor, marks: readonly Mark[]): void {
  const [mark, ...others] = marks.filter((one) => one.selected)
  if (!mark || mark.faint || others.length > 0 || editor.state.tool !== 'select') return
  const box = boxToScreen(editor.viewport, mark.box)
  paintHandles(context, box, handlesFor(box[2] - box[0], box[3] - box[1]), mark.colour)
  if (mark.shape?.kind === 'turned')
    paintTurnHandle(context, turnHandle(mark.shape, editor.viewport), mark.colour)
  if (mark.shape?.kind !== 'polygon' || !hasRoomForPoints(mark.box, editor.viewport.scale)) return
  const { point } = editor.state
  paintPoints(context, mark.shape, editor.viewport, mark.colour, point?.id === mark.key ? point : null)
}

const isSmall = (box: Xyxy): boolean => Math.min(box[2] - box[0], box[3] - box[1]) < SMALL
