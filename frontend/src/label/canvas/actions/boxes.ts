import { CODE_KEY } from '../classKeys'
import { addBoxes, moveBoxes, pastedBoxes, removeBoxes, setBox, toggleIgnore } from '../document'
import type { Editor } from '../editor'
import { type ActionContext, group, hasSelection } from './action'

export const boxActions = group('boxes', [
  {
    id: 'undo',
    keys: ['mod+z'],
    enabled: ({ editor }) => editor.state.document.past.length > 0,
    perform: ({ editor }) => editor.undo(),
  },
  {
    id: 'redo',
    keys: ['mod+shift+z', 'mod+y'],
    enabled: ({ editor }) => editor.state.document.future.length > 0,
    perform: ({ editor }) => editor.redo(),
  },
  {
    id: 'delete',
    keys: ['delete', 'backspace'],
    enabled: hasSelection,
    perform: ({ editor }) => editor.commit('delete', removeBoxes(editor.selection)),
  },
  {
    id: 'ignore',
    keys: ['i'],
    enabled: hasSelection,
    perform: ({ editor }) => editor.commit('ignore', toggleIgnore(editor.selection)),
  },
  { id: 'classes', keys: ['c'], perform: ({ host }) => host.openClasses() },
  { id: 'class_code', keys: [CODE_KEY], perform: ({ editor }) => editor.setChord('') },
  { id: 'copy', keys: ['mod+c'], enabled: hasSelection, perform: copy },
  { id: 'paste', keys: ['mod+v'], enabled: ({ clipboard }) => clipboard.boxes.length > 0, perform: paste },
  {
    id: 'duplicate',
    keys: ['mod+d'],
    enabled: hasSelection,
    perform: (context) => {
      copy(context)
      paste(context)
    },
  },
  {
    id: 'select_all',
    keys: ['mod+a'],
    perform: ({ editor }) => editor.select(editor.visibleBoxes().map((box) => box.id)),
  },
  { id: 'objects', keys: ['o'], perform: ({ host }) => host.focusObjects() },
  { id: 'next_object', keys: [']'], perform: ({ editor }) => stepObject(editor, 1) },
  { id: 'previous_object', keys: ['['], perform: ({ editor }) => stepObject(editor, -1) },
])

/** Screen pixels by which a pasted box stands beside its original. */
const PASTE_SHIFT = 12

function copy({ editor, clipboard }: ActionContext): void {
  clipboard.image = editor.image
  clipboard.boxes = editor.selectedBoxes()
}

/** In the same image the copy stands beside the original, in the next frame of a sequence at the same place. */
function paste({ editor, clipboard }: ActionContext): void {
  const here = clipboard.image === editor.image
  const shift = here ? PASTE_SHIFT / editor.viewport.scale : 0
  const pasted = pastedBoxes(clipboard.boxes, shift, editor.image)
  editor.commit('paste', addBoxes(pasted))
  editor.select(pasted.map((box) => box.id))
}

function stepObject(editor: Editor, step: 1 | -1): void {
  const visible = editor.visibleBoxes()
  if (visible.length === 0) return
  const at = visible.findIndex((box) => box.id === editor.selection[0])
  const from = at < 0 && step < 0 ? 0 : at
  const next = visible[(from + step + visible.length) % visible.length]
  if (next) editor.reveal(next.id)
}

const NUDGES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const

export const nudgeActions = Object.entries(NUDGES).flatMap(([key, [dx, dy]]) =>
  group('boxes', [
    {
      id: `nudge_${key}`,
      keys: [key.toLowerCase()],
      enabled: hasSelection,
      perform: (c) => nudge(c.editor, dx, dy),
    },
    {
      id: `nudge_far_${key}`,
      keys: [`shift+${key.toLowerCase()}`],
      enabled: hasSelection,
      perform: (c) => nudge(c.editor, dx * 10, dy * 10),
    },
    {
      id: `grow_${key}`,
      keys: [`mod+${key.toLowerCase()}`],
      enabled: ({ editor }) => editor.selection.length === 1,
      perform: (c) => grow(c.editor, dx, dy),
    },
  ]),
)

function nudge(editor: Editor, dx: number, dy: number): void {
  editor.commit('move', moveBoxes(editor.selection, dx, dy, editor.image), `nudge ${editor.selection.join()}`)
}

/** Moves the right or bottom edge by an image pixel; the others stay. */
function grow(editor: Editor, dx: number, dy: number): void {
  const [box] = editor.selectedBoxes()
  if (!box) return
  const [x1, y1, x2, y2] = box.box
  const next = [x1, y1, Math.max(x1 + 1, x2 + dx), Math.max(y1 + 1, y2 + dy)] as const
  editor.commit('resize', setBox(box.id, next, editor.image), `grow ${box.id}`)
}
