import { describe, expect, it } from 'vitest'
import type { Point } from '../../../canvas/box'
import { areaOf } from '../../../canvas/combine'
import { pixelsOfShape } from '../../../canvas/pixels'
import { type FinerShape, ringsOf } from '../../../canvas/shape'
import { toScreen } from '../../../canvas/viewport'
import type { ActionContext } from '../actions/action'
import { performKey } from '../actions/list'
import type { LabelBox } from '../content'
import { Editor } from '../editor'
import { spanned } from './turned'
import { turnHandle } from './turning'

const image = { width: 200, height: 100 }
const aBox = (id: string, box: LabelBox['box'], shape?: FinerShape): LabelBox => ({
  id,
  object_id: null,
  class_id: 1,
  box,
  attributes: {},
  ignore: 'no',
  provenance: 'imported',
  ...(shape ? { shape } : {}),
})

function open(...boxes: LabelBox[]) {
  const editor = new Editor({ image, content: { boxes, decisions: {} }, activeClass: 4 })
  editor.setScreen({ width: 800, height: 400 })
  const context = { editor, host: {}, clipboard: { image: null, boxes: [] } } as unknown as ActionContext
  const at = (x: number, y: number, more: object = {}) => ({
    ...toScreen(editor.viewport, { x, y }),
    shift: false,
    alt: false,
    coarse: false,
    free: true,
    ...more,
  })
  const click = (x: number, y: number, more: object = {}) => {
    editor.pointerMove(at(x, y, more))
    editor.pointerDown(at(x, y, more))
    editor.pointerUp(at(x, y, more))
  }
  const drag = (points: readonly Point[], more: object = {}) => {
    const [first, ...others] = points.map(({ x, y }) => at(x, y, more))
    if (!first) return
    editor.pointerDown(first)
    for (const point of others) editor.pointerMove(point)
    editor.pointerUp(others.at(-1) ?? first)
  }
  const key = (word: string) => performKey(word, context)
  return { editor, click, drag, key, boxes: () => editor.content.boxes }
}

const area = (shape: FinerShape | null | undefined, size = image) =>
  shape ? pixelsOfShape(shape, size).reduce((sum, on) => sum + on, 0) : 0

describe('drawing an outline', () => {
  it('works: a click for each corner, on the first to close it', () => {
    const { editor, click, key, boxes } = open()
    key('shift+c')
    for (const [x, y] of [
      [20, 20],
      [60, 20],
      [60, 50],
      [20, 50],
      [20, 20],
    ] as const)
      click(x, y)
    expect(boxes()).toHaveLength(1)
    expect(boxes()[0]).toMatchObject({ class_id: 4, box: [20, 20, 60, 50], provenance: 'human' })
    expect(area(boxes()[0]?.shape)).toBe(1200)
    expect(editor.selection).toEqual([boxes()[0]?.id])
    key('mod+z')
    expect(boxes()).toEqual([])
  })

  it('is closed by Enter and by a second click; Backspace takes a corner back, Escape all', () => {
    const { click, key, boxes } = open()
    key('shift+c')
    for (const [x, y] of [
      [20, 20],
      [60, 20],
      [150, 90],
    ] as const)
      click(x, y)
    key('backspace')
    click(60, 60)
    key('enter')
    expect(boxes()[0]?.box).toEqual([20, 20, 60, 60])
    for (const [x, y] of [
      [100, 20],
      [120, 20],
      [120, 40],
      [120, 40],
    ] as const)
      click(x, y)
    expect(boxes()[1]?.box).toEqual([100, 20, 120, 40])
    click(5, 5)
    key('escape')
    click(100, 60)
    key('backspace')
    expect(key('enter')).toBe(false)
    expect(boxes()).toHaveLength(2)
  })

  it('follows the pointer that is held down, with no more points than one can see', () => {
    const { drag, key, boxes } = open()
    key('shift+c')
    const turn = (step: number) => ({ x: 100 + 30 * Math.cos(step / 10), y: 50 + 30 * Math.sin(step / 10) })
    drag(Array.from({ length: 64 }, (_, step) => turn(step)))
    const [drawn] = boxes()
    expect(Math.abs(area(drawn?.shape) - Math.PI * 900)).toBeLessThan(60)
    expect(drawn?.shape && ringsOf(drawn.shape)[0]?.length).toBeLessThan(50)
  })

  it('cuts out of the selected object with Alt, and adds to it with Shift', () => {
    const { editor, click, key, boxes } = open(aBox('a', [10, 10, 110, 90]))
    editor.select(['a'])
    key('shift+c')
    click(40, 40, { alt: true })
    for (const [x, y] of [
      [60, 40],
      [60, 60],
      [40, 60],
    ] as const)
      click(x, y)
    key('enter')
    expect(boxes().map(({ id }) => id)).toEqual(['a'])
    expect(area(boxes()[0]?.shape)).toBe(100 * 80 - 400)
    expect(boxes()[0]?.shape).toMatchObject({ kind: 'polygon', parts: [[{}, {}]] })
    click(150, 20, { shift: true })
    for (const [x, y] of [
      [170, 20],
      [170, 40],
      [150, 40],
    ] as const)
      click(x, y)
    key('enter')
    expect(boxes()[0]?.box).toEqual([10, 10, 170, 90])
    expect(area(boxes()[0]?.shape)).toBe(100 * 80 - 400 + 400)
  })

  it('goes to corners of others and to the edge of the image', () => {
    const other: FinerShape = {
      kind: 'polygon',
      parts: [
        [
          [
            [50, 50],
            [90, 50],
            [90, 90],
          ],
        ],
      ],
    }
    const { click, key, boxes } = open(aBox('a', [50, 50, 90, 90], other))
    key('shift+c')
    for (const [x, y] of [
      [49.2, 50.6],
      [1, 48],
      [1, 99.2],
    ] as const)
      click(x, y, { free: false })
    key('enter')
    expect(boxes()[1]?.shape).toMatchObject({
      parts: [
        [
          expect.arrayContaining([
            [50, 50],
            [0, 48],
            [0, 100],
          ]),
        ],
      ],
    })
  })
})

describe('a turned box', () => {
  it('is three clicks: a side, and how wide', () => {
    const { click, key, boxes } = open()
    key('^')
    click(20, 20)
    click(60, 50)
    click(48, 66)
    expect(boxes()[0]?.shape).toMatchObject({ kind: 'turned', size: [50, 20], centre: [34, 43] })
    expect(boxes()[0]?.shape).toMatchObject({ angle: 36.87 })
  })

  it('is the same from whichever side it is drawn', () => {
    const below = spanned({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 3, y: 4 })
    expect(below).toEqual({ kind: 'turned', centre: [5, 2], size: [10, 4], angle: 0 })
    expect(spanned({ x: 10, y: 4 }, { x: 0, y: 4 }, { x: 3, y: 0 })).toMatchObject({
      centre: [5, 2],
      size: [10, 4],
    })
  })

  it('is turned by keys, by one degree and by fifteen, together in one step for a key that is held', () => {
    const { editor, key, boxes } = open(aBox('a', [10, 10, 50, 30]))
    editor.select(['a'])
    key(')')
    key(')')
    expect(boxes()[0]?.shape).toEqual({ kind: 'turned', centre: [30, 20], size: [40, 20], angle: 2 })
    key('alt+(')
    expect(boxes()[0]?.shape).toMatchObject({ angle: 347 })
    key('mod+z')
    expect(boxes()[0]?.shape).toBeUndefined()
  })

  it('is turned by its handle, with Shift in steps', () => {
    const shape: FinerShape = { kind: 'turned', centre: [100, 50], size: [40, 20], angle: 0 }
    const { editor, key, boxes } = open(aBox('a', [80, 40, 120, 60], shape))
    editor.select(['a'])
    key('v')
    const knob = turnHandle(shape, editor.viewport).to
    const input = (at: Point, shift = false) => ({ ...at, shift, alt: false, coarse: false, free: true })
    editor.pointerDown(input(knob))
    editor.pointerMove(input(toScreen(editor.viewport, { x: 140, y: 52 }), true))
    editor.pointerUp(input(toScreen(editor.viewport, { x: 140, y: 52 }), true))
    expect(boxes()[0]?.shape).toMatchObject({ angle: 90 })
    expect(boxes()[0]?.box).toEqual([90, 30, 110, 70])
  })
})

describe('the brush', () => {
  it('paints a new object, goes on with it, and takes away with Alt; a stroke is a step', () => {
    const { editor, drag, key, boxes } = open()
    editor.setLook({ brush: 10 })
    key('shift+a')
    drag([
      { x: 50, y: 50 },
      { x: 90, y: 50 },
    ])
    expect(boxes()).toHaveLength(1)
    expect(boxes()[0]?.shape?.kind).toBe('mask')
    const first = area(boxes()[0]?.shape)
    expect(Math.abs(first - (400 + Math.PI * 25))).toBeLessThan(15)
    drag([
      { x: 70, y: 30 },
      { x: 70, y: 70 },
    ])
    expect(boxes()).toHaveLength(1)
    expect(boxes()[0]?.box).toEqual([45, 25, 95, 75])
    drag(
      [
        { x: 70, y: 30 },
        { x: 70, y: 70 },
      ],
      { alt: true },
    )
    expect(area(boxes()[0]?.shape)).toBeLessThan(first)
    key('mod+z')
    key('mod+z')
    expect(area(boxes()[0]?.shape)).toBe(first)
  })

  it('makes a mask of the polygon that it paints on, and the last pixel taken takes the object', () => {
    const triangle: FinerShape = {
      kind: 'polygon',
      parts: [
        [
          [
            [50, 50],
            [60, 50],
            [60, 60],
          ],
        ],
      ],
    }
    const { editor, drag, key, boxes } = open(aBox('a', [50, 50, 60, 60], triangle))
    editor.select(['a'])
    editor.setLook({ brush: 8 })
    key('shift+a')
    drag([{ x: 75, y: 55 }])
    expect(boxes()[0]).toMatchObject({
      id: 'a',
      shape: { kind: 'mask', size: [100, 200] },
      box: [50, 50, 79, 60],
    })
    key("'")
    editor.setLook({ brush: 80 })
    drag([{ x: 60, y: 55 }])
    expect(boxes()).toEqual([])
  })

  it('becomes wider and narrower by keys', () => {
    const { editor, key } = open()
    key('shift+a')
    key(')')
    expect(editor.state.look.brush).toBe(24)
    key('(')
    expect(editor.state.look.brush).toBe(20)
  })
})

describe('selected objects', () => {
  it('become one, or the others are cut out of the first', () => {
    const { editor, key, boxes } = open(aBox('a', [10, 10, 50, 50]), aBox('b', [30, 30, 70, 70]))
    editor.select(['a', 'b'])
    key('_')
    expect(boxes().map(({ id }) => id)).toEqual(['a', 'b'])
    expect(area(boxes()[0]?.shape)).toBe(1600 - 400)
    key('mod+z')
    key('|')
    expect(boxes().map(({ id, box }) => [id, box])).toEqual([['a', [10, 10, 70, 70]]])
    expect(area(boxes()[0]?.shape)).toBe(1600 + 1200)
  })

  it('become another kind, keep their place, and come back by undo', () => {
    const { editor, key, boxes } = open(aBox('a', [10, 10, 50, 30]))
    editor.select(['a'])
    key('#')
    expect(boxes()[0]).toMatchObject({ shape: { kind: 'mask' }, box: [10, 10, 50, 30] })
    key('!')
    expect(boxes()[0]?.shape && areaOf(ringsOf(boxes()[0]?.shape as FinerShape)[0] ?? [])).toBe(800)
    key('@')
    expect(boxes()[0]?.shape).toEqual({ kind: 'turned', centre: [30, 20], size: [40, 20], angle: 0 })
    key('mod+z')
    key('mod+z')
    key('mod+z')
    expect(boxes()[0]?.shape).toBeUndefined()
  })

  it('lose points that one cannot see at this zoom', () => {
    const ring: [number, number][] = [
      [10, 10],
      [30, 10.1],
      [50, 10],
      [50, 40],
      [10, 40],
    ]
    const { editor, key, boxes } = open(aBox('a', [10, 10, 50, 40], { kind: 'polygon', parts: [[ring]] }))
    editor.select(['a'])
    key('%')
    expect(boxes()[0]?.shape && ringsOf(boxes()[0]?.shape as FinerShape)[0]).toHaveLength(4)
  })

  it('that are locked stay as they are', () => {
    const { editor, drag, key, boxes } = open(aBox('a', [10, 10, 50, 30]))
    editor.select(['a'])
    editor.lockBoxes(['a'])
    key('#')
    expect(boxes()[0]?.shape).toBeUndefined()
    key('shift+a')
    drag([
      { x: 30, y: 20 },
      { x: 80, y: 20 },
    ])
    expect(boxes()).toEqual([aBox('a', [10, 10, 50, 30])])
    expect(editor.state.spared.times).toBe(2)
  })
})
