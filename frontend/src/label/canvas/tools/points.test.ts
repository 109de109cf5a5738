import { beforeEach, describe, expect, it } from 'vitest'
import { performKey } from '../actions/list'
import type { LabelBox } from '../content'
import { Editor } from '../editor'

const image = { width: 200, height: 100 }
const ring: [number, number][] = [
  [20, 20],
  [80, 20],
  [80, 80],
  [20, 80],
]
const polygon: LabelBox = {
  id: 'o7',
  object_id: 7,
  class_id: 1,
  box: [20, 20, 80, 80],
  shape: { kind: 'polygon', parts: [[ring]] },
  attributes: {},
  ignore: 'no',
  provenance: 'imported',
}

let editor: Editor
const now = () => editor.box('o7')
const points = () => (now()?.shape?.kind === 'polygon' ? now()?.shape : null)
const outline = () => (points() as { parts: number[][][][] }).parts[0]?.[0]
const press = (word: string) =>
  performKey(word, { editor, host: {} as never, clipboard: { image: null, boxes: [] } })

/** Screen pixels are image pixels shifted by the margin around a fitted image. */
function input(x: number, y: number, more: { alt?: boolean } = {}) {
  const { viewport } = editor
  return {
    x: viewport.x + x,
    y: viewport.y + y,
    shift: false,
    alt: false,
    coarse: false,
    free: true,
    ...more,
  }
}
function drag(from: [number, number], to: [number, number]) {
  editor.pointerDown(input(...from))
  editor.pointerMove(input(...to))
  editor.pointerUp(input(...to))
}

beforeEach(() => {
  editor = new Editor({ image, content: { boxes: [polygon], decisions: {} }, activeClass: 1 })
  editor.setScreen({ width: 232, height: 132 })
  editor.select(['o7'])
})

describe('points of the selected polygon by the pointer', () => {
  it('are dragged, their box with them; undo brings both back', () => {
    drag([80, 80], [95, 90])
    expect(outline()).toEqual([ring[0], ring[1], [95, 90], ring[3]])
    expect(now()).toMatchObject({ box: [20, 20, 95, 90], provenance: 'human' })
    editor.undo()
    expect(now()).toBe(polygon)
  })
  it('stay inside the image', () => {
    drag([80, 80], [250, 190])
    expect(outline()?.[2]).toEqual([200, 100])
  })
  it('come where an edge is pulled, beside its handle', () => {
    drag([65, 20], [65, 5])
    expect(outline()).toEqual([ring[0], [65, 5], ...ring.slice(1)])
    expect(now()?.box).toEqual([20, 5, 80, 80])
  })
  it('go with Alt and a click', () => {
    editor.pointerDown(input(80, 80, { alt: true }))
    editor.pointerUp(input(80, 80, { alt: true }))
    expect(outline()).toEqual([ring[0], ring[1], ring[3]])
  })
  it('are left alone by a press without a drag, by Escape and where the box is locked', () => {
    drag([80, 80], [80, 80])
    editor.pointerDown(input(80, 80))
    editor.pointerMove(input(95, 90))
    expect(editor.cancel()).toBe(true)
    expect(now()).toBe(polygon)
    editor.lockBoxes(['o7'])
    drag([80, 80], [95, 90])
    expect(now()).toBe(polygon)
  })
})

describe('points by keys', () => {
  it('are walked through, moved in one step, and let go by Escape before the box is', () => {
    for (const word of [';', ';', 'arrowleft', 'shift+arrowdown']) press(word)
    expect(outline()).toEqual([ring[0], [79, 30], ring[2], ring[3]])
    editor.undo()
    expect(now()).toBe(polygon)
    press('escape')
    expect(editor.selection).toEqual(['o7'])
    press('arrowright')
    expect(now()?.box).toEqual([21, 20, 81, 80])
  })
  it('are inserted and removed; the last three stay', () => {
    for (const word of [';', 'shift+u']) press(word)
    expect(outline()).toEqual([ring[0], [50, 20], ...ring.slice(1)])
    for (const word of ['delete', 'delete', 'delete', 'delete']) press(word)
    expect(outline()).toHaveLength(3)
    expect(now()).toBeDefined()
  })
  it('are all gone where the box alone shall stay', () => {
    press('shift+d')
    expect(now()).toMatchObject({ box: polygon.box, shape: null })
    editor.undo()
    expect(now()).toBe(polygon)
  })
})
