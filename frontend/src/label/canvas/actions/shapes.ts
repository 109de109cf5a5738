import { simplifiedPolygon } from '../../../canvas/shapeKinds'
import { dropShapes } from '../boxShapes'
import { changeShapes, combineBoxes, convertBoxes, isTurnable, type Kind, turnBoxes } from '../combining'
import type { Editor } from '../editor'
import { editedPolygon, focusNextPoint, insertAfterPoint } from '../pointKeys'
import { type ActionContext, group } from './action'

const hasPolygon = ({ editor }: ActionContext): boolean => editedPolygon(editor) !== null

/** What is finer than a box: points of a polygon by keys, and back to the box. */
export const shapeActions = group('boxes', [
  {
    id: 'box_only',
    keys: ['shift+d'],
    enabled: ({ editor }) => editor.selectedBoxes().some((box) => box.shape),
    perform: ({ editor }) => editor.commit('box_only', dropShapes(editor.selection)),
  },
  { id: 'next_point', keys: [';'], enabled: hasPolygon, perform: ({ editor }) => focusNextPoint(editor, 1) },
  {
    id: 'previous_point',
    keys: [':'],
    enabled: hasPolygon,
    perform: ({ editor }) => focusNextPoint(editor, -1),
  },
  {
    id: 'insert_point',
    keys: ['shift+u', 'insert'],
    enabled: ({ editor }) => Boolean(editedPolygon(editor)?.place),
    perform: ({ editor }) => insertAfterPoint(editor),
  },
  { id: 'unite', keys: ['|'], enabled: hasSeveral, perform: ({ editor }) => combine(editor, 'add') },
  { id: 'subtract', keys: ['_'], enabled: hasSeveral, perform: ({ editor }) => combine(editor, 'cut') },
  ...convertActions(),
  { id: 'simplify', keys: ['%'], enabled: hasPolygons, perform: ({ editor }) => simplify(editor) },
  { id: 'turn_left', keys: ['('], enabled: canTurn, perform: ({ editor }) => turn(editor, -1) },
  { id: 'turn_right', keys: [')'], enabled: canTurn, perform: ({ editor }) => turn(editor, 1) },
  {
    id: 'turn_far_left',
    keys: ['alt+('],
    enabled: canTurn,
    perform: ({ editor }) => turn(editor, -FAR_TURN),
  },
  {
    id: 'turn_far_right',
    keys: ['alt+)'],
    enabled: canTurn,
    perform: ({ editor }) => turn(editor, FAR_TURN),
  },
])

/** Degrees. */
const FAR_TURN = 15
/** The brush becomes wider or narrower by a fifth. */
const WIDER = 1.2
const [NARROWEST, WIDEST] = [1, 400]

function hasSeveral({ editor }: ActionContext): boolean {
  return editor.selection.length > 1
}

function hasPolygons({ editor }: ActionContext): boolean {
  return editor.selectedBoxes().some(({ shape }) => shape?.kind === 'polygon')
}

const paints = (editor: Editor): boolean => editor.state.tool === 'brush' || editor.state.tool === 'erase'

function canTurn({ editor }: ActionContext): boolean {
  return paints(editor) || editor.selectedBoxes().some(isTurnable)
}

function convertActions() {
  const keys: Record<Kind, string> = { polygon: '!', turned: '@', mask: '#' }
  return (Object.keys(keys) as Kind[]).map((kind) => ({
    id: `to_${kind}`,
    keys: [keys[kind]],
    enabled: ({ editor }: ActionContext) => editor.selectedBoxes().some(({ shape }) => shape?.kind !== kind),
    perform: ({ editor }: ActionContext) =>
      editor.commit('reshape', convertBoxes(editor.selection, kind, editor.image)),
  }))
}

function combine(editor: Editor, how: 'add' | 'cut'): void {
  editor.commit('reshape', combineBoxes(editor.selection, how, editor.image))
}

/** By what one cannot see at this zoom: a screen pixel. */
function simplify(editor: Editor): void {
  const tolerance = 1 / editor.viewport.scale
  const simpler = changeShapes(editor.selection, editor.image, ({ shape }) =>
    shape?.kind === 'polygon' ? simplifiedPolygon(shape, tolerance) : null,
  )
  editor.commit('reshape', simpler)
}

/** While one paints, the keys are for the width of the brush. */
function turn(editor: Editor, degrees: number): void {
  if (paints(editor)) widen(editor, degrees > 0 ? WIDER : 1 / WIDER)
  else {
    const key = `turn ${editor.selection.join()}`
    editor.commit('reshape', turnBoxes(editor.selection, degrees, editor.image), key)
  }
}

export function widen(editor: Editor, by: number): void {
  const { brush } = editor.state.look
  const wider = by > 1 ? Math.max(brush + 1, brush * by) : Math.min(brush - 1, brush * by)
  editor.setLook({ brush: Math.round(Math.min(WIDEST, Math.max(NARROWEST, wider))) })
}
