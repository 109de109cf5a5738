import { expect, it } from 'vitest'
import type { Xyxy } from '../../canvas/box'
import type { LabelBox } from '../canvas/content'
import { Editor } from '../canvas/editor'
import { tighten } from './tightening'

const box = (id: string, xyxy: Xyxy): LabelBox => ({
  id,
  object_id: null,
  class_id: 1,
  box: xyxy,
  attributes: {},
  ignore: 'no',
  provenance: 'human',
})

function editorWith(boxes: LabelBox[]): Editor {
  const editor = new Editor({
    image: { width: 400, height: 300 },
    content: { boxes, decisions: {} },
    activeClass: 1,
  })
  editor.select(boxes.map(({ id }) => id))
  return editor
}

const boxesOf = (editor: Editor) => editor.content.boxes.map((one) => one.box)

it('goes to the candidate where there is one, else to what the picture shows, in one step', async () => {
  const editor = editorWith([
    box('a', [0, 0, 50, 50]),
    box('b', [100, 100, 160, 160]),
    box('c', [200, 200, 240, 240]),
  ])
  editor.setCandidates([{ box: [0, 0, 40, 40], classes: [{ class_id: 1, score: 0.8 }] }], 3)
  const asked: Xyxy[] = []
  const done = await tighten(editor, async (place) => {
    asked.push(place)
    return place[0] === 100 ? [110, 110, 150, 150] : null
  })
  expect(done).toEqual({ changed: 2, left: 1 })
  expect(asked).toEqual([
    [100, 100, 160, 160],
    [200, 200, 240, 240],
  ])
  expect(boxesOf(editor)).toEqual([
    [0, 0, 40, 40],
    [110, 110, 150, 150],
    [200, 200, 240, 240],
  ])
  editor.undo()
  expect(boxesOf(editor)).toEqual([
    [0, 0, 50, 50],
    [100, 100, 160, 160],
    [200, 200, 240, 240],
  ])
})

it('leaves a box that fits already, and one that was changed while the picture was looked at', async () => {
  const editor = editorWith([box('a', [0, 0, 40, 40]), box('b', [100, 100, 160, 160])])
  const done = await tighten(editor, async (place) => {
    if (place[0] === 0) return [0, 0, 40, 40.3]
    editor.commit('move', (content) => ({
      ...content,
      boxes: [box('a', [0, 0, 40, 40]), box('b', [1, 1, 9, 9])],
    }))
    return [110, 110, 150, 150]
  })
  expect(done).toEqual({ changed: 0, left: 2 })
  expect(boxesOf(editor)).toEqual([
    [0, 0, 40, 40],
    [1, 1, 9, 9],
  ])
})
