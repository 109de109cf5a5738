import { addBoxes, type LabelDocument, setAttributes } from '../document'
import type { Editor } from '../editor'
import { type ActionContext, group, hasSelection } from './action'

const inSequence = ({ host }: ActionContext): boolean => host.tracks != null

export const trackActions = group('tracks', [
  {
    id: 'next_frame',
    keys: ['>', 'shift+pagedown'],
    enabled: ({ host }) => host.tracks?.hasNext === true,
    perform: ({ host }) => host.tracks?.next(),
  },
  {
    id: 'previous_frame',
    keys: ['<', 'shift+pageup'],
    enabled: ({ host }) => host.tracks?.hasPrevious === true,
    perform: ({ host }) => host.tracks?.previous(),
  },
  {
    id: 'carry',
    keys: ['k'],
    enabled: ({ host }) => host.tracks?.hasNext === true,
    perform: ({ host }) => host.tracks?.carry(false),
  },
  {
    id: 'carry_all',
    keys: ['shift+k'],
    enabled: ({ host }) => host.tracks?.hasNext === true,
    perform: ({ host }) => host.tracks?.carry(true),
  },
  { id: 'fill_tracks', keys: ['j'], enabled: inSequence, perform: ({ host }) => host.tracks?.fill() },
  {
    id: 'undo_tracks',
    keys: ['shift+j'],
    enabled: ({ host }) => host.tracks?.canTakeBack === true,
    perform: ({ host }) => host.tracks?.takeBack(),
  },
  {
    id: 'take_ghosts',
    keys: ['y'],
    enabled: ({ editor }) => editor.state.ghosts.length > 0,
    perform: ({ editor }) => takeGhosts(editor),
  },
  {
    id: 'leaves',
    keys: ['shift+y'],
    enabled: (context) => inSequence(context) && hasSelection(context),
    perform: ({ editor }) => toggleLeaves(editor),
  },
])

/** The ghosts become boxes, computed ones, and are selected. */
function takeGhosts(editor: Editor): void {
  const boxes = editor.state.ghosts.map((ghost) => ({ ...ghost, id: editor.newId() }))
  editor.commit('tracks', addBoxes(boxes))
  editor.select(boxes.map((box) => box.id))
}

/** The objects are out of sight after this frame, or are not. A computed box that says so is a key frame. */
function toggleLeaves(editor: Editor): void {
  const boxes = editor.selectedBoxes()
  const all = boxes.every((box) => box.attributes.leaves === true)
  editor.commit('attributes', (content) =>
    boxes.reduce((now: LabelDocument['now'], { id, attributes }) => {
      const { leaves: _, keyframe: __, ...others } = attributes
      return setAttributes(id, all ? others : { ...others, leaves: true })(now)
    }, content),
  )
}
