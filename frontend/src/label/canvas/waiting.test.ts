import { describe, expect, it } from 'vitest'
import { pannedBy, toScreen, zoomedBy } from '../../canvas/viewport'
import type { LabelBox } from './content'
import { moveBoxes } from './document'
import { Editor } from './editor'
import { stillParts } from './render'
import { mayWait, transformBetween } from './waiting'

function opened(shapes: number): Editor {
  const boxes = Array.from(
    { length: shapes },
    (_, at): LabelBox => ({
      id: `o${at}`,
      object_id: at,
      class_id: 1,
      box: [10, 10, 30, 30],
      shape: { kind: 'turned', centre: [20, 20], size: [20, 20], angle: 0 },
      attributes: {},
      ignore: 'no',
      provenance: 'imported',
    }),
  )
  const content = { boxes, decisions: {} }
  const editor = new Editor({ image: { width: 200, height: 100 }, content, activeClass: 1 })
  editor.setScreen({ width: 232, height: 132 })
  return editor
}

describe('the still layer', () => {
  it.each([
    ['waits while the view moves over many shapes', 200, true],
    ['is drawn at once where there are few', 3, false],
  ])('%s', (_name, shapes, expected) => {
    const editor = opened(shapes)
    const drawn = stillParts(editor)
    editor.setViewport(pannedBy(editor.viewport, 10, 5))
    expect(mayWait(editor, drawn, stillParts(editor))).toBe(expected)
  })
  it('is drawn at once where anything else changed, or nothing was drawn yet', () => {
    const editor = opened(200)
    const drawn = stillParts(editor)
    editor.commit('move', moveBoxes(['o1'], 5, 0, editor.image))
    expect(mayWait(editor, drawn, stillParts(editor))).toBe(false)
    expect(mayWait(editor, [], stillParts(editor))).toBe(false)
  })
  it('stands, shifted and stretched, where it would be drawn', () => {
    const drawn = opened(0).viewport
    const view = pannedBy(zoomedBy(drawn, 2), 7, -3)
    const [scale = 0, , , , x = 0, y = 0] = transformBetween(drawn, view).slice(7, -1).split(', ').map(Number)
    const [before, after] = [toScreen(drawn, { x: 40, y: 60 }), toScreen(view, { x: 40, y: 60 })]
    expect(before.x * scale + x).toBeCloseTo(after.x)
    expect(before.y * scale + y).toBeCloseTo(after.y)
  })
})
