import { useSyncExternalStore } from 'react'
import type { Editor, EditorState } from './editor'

/** Follows one part of the editor's state. `pick` must give the same value for the same state: a field, not a new object. */
export function useEditor<T>(editor: Editor, pick: (state: EditorState) => T): T {
  return useSyncExternalStore(editor.subscribe, () => pick(editor.state))
}
