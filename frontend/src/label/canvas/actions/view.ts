import { actualSize, fitted, zoomedBy, zoomedToBox } from '../../../canvas/viewport'
import type { Editor } from '../editor'
import { isToned } from '../tone'
import { group, hasSelection } from './action'

const ZOOM_STEP = 1.3

export const viewActions = group('view', [
  {
    id: 'fit',
    keys: ['f'],
    perform: ({ editor }) => editor.setViewport(fitted(editor.image, editor.viewport.screen)),
  },
  {
    id: 'zoom_selection',
    keys: ['z'],
    enabled: hasSelection,
    perform: ({ editor }) => zoomToSelection(editor),
  },
  {
    id: 'actual_size',
    keys: ['shift+f'],
    perform: ({ editor }) => editor.setViewport(actualSize(editor.viewport)),
  },
  {
    id: 'zoom_in',
    keys: ['+', '='],
    perform: ({ editor }) => editor.setViewport(zoomedBy(editor.viewport, ZOOM_STEP)),
  },
  {
    id: 'zoom_out',
    keys: ['-'],
    perform: ({ editor }) => editor.setViewport(zoomedBy(editor.viewport, 1 / ZOOM_STEP)),
  },
  {
    id: 'toggle_boxes',
    keys: ['h'],
    perform: ({ editor }) => editor.setLook({ boxes: !editor.state.look.boxes }),
  },
  {
    id: 'toggle_names',
    keys: ['t'],
    perform: ({ editor }) => editor.setLook({ names: !editor.state.look.names }),
  },
  {
    id: 'toggle_suggestions',
    keys: ['s'],
    perform: ({ editor }) => editor.setLook({ suggestions: !editor.state.look.suggestions }),
  },
  {
    id: 'toggle_predictions',
    keys: ['p'],
    enabled: ({ editor }) => editor.predictions.length > 0,
    perform: ({ editor }) => editor.setLook({ predictions: !editor.state.look.predictions }),
  },
  {
    id: 'keep_view',
    keys: ['shift+z'],
    perform: ({ editor }) => editor.setLook({ keepView: !editor.state.look.keepView }),
  },
  {
    id: 'toggle_snap',
    keys: ['shift+e'],
    perform: ({ editor }) => editor.setLook({ snap: !editor.state.look.snap }),
  },
  {
    id: 'plain_picture',
    keys: ['shift+p'],
    enabled: ({ editor }) => isToned(editor.state.look),
    perform: ({ editor }) => editor.setLook({ plain: !editor.state.look.plain }),
  },
  { id: 'tones', keys: ['shift+t'], perform: ({ editor }) => editor.openLook(true) },
])

function zoomToSelection(editor: Editor): void {
  const [box] = editor.selectedBoxes()
  if (box) editor.setViewport(zoomedToBox(editor.viewport, box.box))
}
