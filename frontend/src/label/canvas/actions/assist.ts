import { focusGhost } from '../../assist/taking'
import type { Editor } from '../editor'
import { group, hasSelection } from './action'

/** Help from a detector. What Tab, Enter, A and R mean while offers are looked at stands in assist/keys.ts. */
export const assistActions = group('assist', [
  { id: 'click', keys: ['shift+b'], perform: ({ editor }) => toTool(editor, 'click') },
  { id: 'fill', keys: ['shift+g'], perform: ({ editor }) => toggleFill(editor) },
  {
    id: 'tighten',
    keys: ['shift+s'],
    enabled: (context) => hasSelection(context) && context.host.tighten !== undefined,
    perform: ({ host }) => host.tighten?.(),
  },
])

/** Lets go first, as the drawing tool does. */
function toTool(editor: Editor, tool: 'click' | 'fill'): void {
  editor.select([])
  editor.setAssist({ missed: false })
  editor.setTool(tool)
}

function toggleFill(editor: Editor): void {
  if (editor.state.tool === 'fill') {
    editor.setTool('select')
    return
  }
  toTool(editor, 'fill')
  editor.setAssist({ focused: null })
  focusGhost(editor, 1)
}
