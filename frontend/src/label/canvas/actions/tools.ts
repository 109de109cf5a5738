import type { Editor } from '../editor'
import { group } from './action'

export const toolActions = group('tools', [
  { id: 'select', keys: ['v'], perform: ({ editor }) => editor.setTool('select') },
  { id: 'draw', keys: ['b', 'n'], perform: ({ editor }) => startDrawing(editor) },
  { id: 'polygon', keys: ['shift+c'], perform: ({ editor }) => editor.setTool('polygon') },
  { id: 'turned', keys: ['^'], perform: ({ editor }) => editor.setTool('turned') },
  { id: 'brush', keys: ['shift+a'], perform: ({ editor }) => editor.setTool('brush') },
  { id: 'erase', keys: ["'"], perform: ({ editor }) => editor.setTool('erase') },
  { id: 'pan', keys: ['d'], perform: ({ editor }) => editor.setTool('pan') },
  { id: 'escape', keys: ['escape'], perform: ({ editor }) => stepBack(editor) },
])

/** Lets go first, so that a class key pressed now is for the next box and does not relabel the last one. */
function startDrawing(editor: Editor): void {
  editor.select([])
  editor.setTool('draw')
}

/** Escape, one layer at a time: the gesture, then the drawing tool, then the selection. */
function stepBack(editor: Editor): void {
  if (editor.cancel()) return
  if (editor.state.tool !== 'select') editor.setTool('select')
  else editor.select([])
}
