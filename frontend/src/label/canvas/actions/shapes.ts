import { dropShapes } from '../boxShapes'
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
])
