import type { Editor } from '../editor'
import { NO_LOCKS } from '../locks'
import { toBack, toFront } from '../order'
import { boxesUnder } from '../tools/hit'
import { group, hasSelection } from './action'

/** Locking, hiding, which box lies over which, and the one below. */
export const arrangeActions = group('boxes', [
  {
    id: 'next_below',
    keys: ['shift+v'],
    enabled: ({ editor }) => stack(editor).length > 0,
    perform: ({ editor }) => selectBelow(editor),
  },
  {
    id: 'to_front',
    keys: ['}'],
    enabled: hasSelection,
    perform: ({ editor }) => editor.commit('order', toFront(editor.selection)),
  },
  {
    id: 'to_back',
    keys: ['{'],
    enabled: hasSelection,
    perform: ({ editor }) => editor.commit('order', toBack(editor.selection)),
  },
  {
    id: 'lock',
    keys: ['l'],
    enabled: hasSelection,
    perform: ({ editor }) => editor.lockBoxes(editor.selection),
  },
  { id: 'lock_others', keys: ['shift+l'], perform: ({ editor }) => lockOthers(editor) },
  {
    id: 'lock_class',
    keys: ['mod+shift+l'],
    perform: ({ editor }) => editor.lockClass(editor.selectedBoxes()[0]?.class_id ?? editor.activeClass),
  },
  {
    id: 'hide',
    keys: ['shift+h'],
    enabled: ({ editor }) => hasSelection({ editor }) || editor.state.hidden.size > 0,
    perform: ({ editor }) => hide(editor),
  },
  {
    id: 'hide_others',
    keys: ['shift+o'],
    enabled: ({ editor }) => hasSelection({ editor }) || editor.state.hidden.size > 0,
    perform: ({ editor }) => hideOthers(editor),
  },
])

/** The boxes on top of each other where the pointer is, or in the middle of the selected one. */
function stack(editor: Editor) {
  const { pointer, viewport } = editor.state
  const [box] = editor.selectedBoxes()
  const middle = box && {
    x: viewport.x + ((box.box[0] + box.box[2]) / 2) * viewport.scale,
    y: viewport.y + ((box.box[1] + box.box[3]) / 2) * viewport.scale,
  }
  const at = pointer ?? middle
  return at ? boxesUnder(editor, { ...at, shift: false, alt: false, coarse: false }) : []
}

function selectBelow(editor: Editor): void {
  const ids = stack(editor).map((box) => box.id)
  const current = ids.findIndex((id) => editor.selection.includes(id))
  const next = ids[(current + 1) % ids.length]
  if (next) editor.select([next])
}

/** Without a selection, or where all others are locked already, every lock is taken off. */
function lockOthers(editor: Editor): void {
  const others = editor.content.boxes.filter((box) => !editor.selection.includes(box.id))
  const all = others.every((box) => editor.isLocked(box))
  if (editor.selection.length === 0 || all) editor.setLocks(NO_LOCKS)
  else editor.setLocks({ boxes: new Set(others.map((box) => box.id)), classes: new Set() })
}

/** Hides what is selected and lets go of it; without a selection all is shown again. */
function hide(editor: Editor): void {
  if (editor.selection.length === 0) editor.setHidden(new Set())
  else editor.setHidden(new Set([...editor.state.hidden, ...editor.selection]))
  editor.select([])
}

/** Shows only what is selected; again, or without a selection, all. */
function hideOthers(editor: Editor): void {
  const chosen = new Set(editor.selection)
  const others = editor.content.boxes.filter((box) => !chosen.has(box.id)).map((box) => box.id)
  const all = others.every((id) => editor.state.hidden.has(id))
  editor.setHidden(new Set(chosen.size === 0 || all ? [] : others))
}
