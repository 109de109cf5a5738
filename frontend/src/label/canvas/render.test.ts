import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Drawing } from '../../canvas/paint'
import type { LabelBox, Suggestion } from './content'
import { addBoxes, moveBoxes } from './document'
import { Editor } from './editor'
import { toFront } from './order'
import {
  type Classes,
  drawLive,
  drawStill,
  liveMarks,
  predictionMarks,
  stillMarks,
  stillParts,
  suggestionMarks,
} from './render'
import { accept } from './suggestions'

const classes: Classes = new Map([
  [1, { name: 'car', colour: '#4e9af1' }],
  [2, { name: 'bus', colour: '#f2b134' }],
])
const object: LabelBox = {
  id: 'o7',
  object_id: 7,
  class_id: 1,
  box: [10, 10, 30, 30],
  attributes: {},
  ignore: 'no',
  provenance: 'imported',
}
const wrongClass: Suggestion = {
  id: 1,
  object_id: 7,
  kind: 'wrong_class',
  score: 0.9,
  reason: '',
  reason_code: '',
  reason_params: {},
  given: { class_id: 1, box: object.box },
  proposed: { class_id: 2, box: [0, 0, 50, 50] },
}
const at = { x: 0, y: 0, shift: false, alt: false, coarse: false }

/** Remembers what was asked of it. */
function recorder() {
  const calls: string[] = []
  const context = new Proxy({} as Record<string, unknown>, {
    get: (target, name: string) => {
      if (name in target) return target[name]
      return (...args: unknown[]) => {
        calls.push(
          `${name}(${args.map((arg) => (typeof arg === 'number' ? Math.round(arg) : String(arg))).join()})`,
        )
        return { width: 20 }
      }
    },
    set: (target, name: string, value) => {
      target[name] = value
      calls.push(`${name}=${String(value)}`)
      return true
    },
  })
  return { calls, context: context as unknown as Drawing }
}

let editor: Editor
beforeEach(() => {
  const predictions = [{ class_id: 2, box: [1, 2, 3, 4] as const, score: 0.456 }]
  const content = { boxes: [object], decisions: {} }
  editor = new Editor({
    image: { width: 100, height: 100 },
    content,
    suggestions: [wrongClass],
    predictions,
    activeClass: 2,
  })
  editor.setScreen({ width: 132, height: 132 })
})

describe('marks', () => {
  it('draws ground truth solid in the colour of its class', () => {
    expect(stillMarks(editor, classes)).toMatchObject([
      { key: 'o7', stroke: 'solid', colour: '#4e9af1', name: 'car' },
    ])
  })
  it('draws a suggestion dotted where its object now is, until it is decided', () => {
    expect(suggestionMarks(editor, classes)).toMatchObject([
      { stroke: 'dotted', box: [10, 10, 30, 30], name: '? bus' },
    ])
    editor.commit(
      'accept',
      accept(wrongClass, editor.image, () => 'n1'),
    )
    expect(suggestionMarks(editor, classes)).toEqual([])
  })
  it('draws predictions dashed, with their score, when asked', () => {
    expect(predictionMarks(editor, classes)).toEqual([])
    editor.setLook({ predictions: true })
    expect(predictionMarks(editor, classes)).toMatchObject([{ stroke: 'dashed', name: 'bus 0.46' }])
  })
  it('hides classes and all', () => {
    editor.setLook({ hiddenClasses: new Set([1]) })
    expect(stillMarks(editor, classes)).toEqual([])
    editor.setLook({ hiddenClasses: new Set(), boxes: false })
    expect(stillMarks(editor, classes)).toEqual([])
  })
  it('shows a gesture before it is in the document', () => {
    editor.setTool('draw')
    editor.pointerDown({ ...at, x: 66, y: 66 })
    editor.pointerMove({ ...at, x: 96, y: 96 })
    expect(liveMarks(editor, classes).at(-1)).toMatchObject({
      key: 'drawing',
      box: [50, 50, 80, 80],
      colour: '#f2b134',
    })
  })
  it('names a class that is gone by its number', () => {
    expect(stillMarks(editor, new Map())[0]?.name).toBe('#1')
  })
})

describe('the still layer', () => {
  it('stays as it is while one hovers, selects and draws', () => {
    editor.setLook({ suggestions: false })
    const before = stillParts(editor)
    editor.pointerMove({ ...at, x: 40, y: 40 })
    editor.select(['o7'])
    editor.setTool('draw')
    editor.pointerDown({ ...at, x: 66, y: 66 })
    editor.pointerMove({ ...at, x: 96, y: 96 })
    expect(stillParts(editor)).toEqual(before)
    editor.pointerUp({ ...at, x: 96, y: 96 })
    expect(stillParts(editor)).not.toEqual(before)
  })
  it('leaves what is dragged to the live one', () => {
    editor.pointerDown({ ...at, x: 40, y: 40 })
    editor.pointerMove({ ...at, x: 60, y: 60 })
    expect(stillMarks(editor, classes)).toEqual([])
    expect(liveMarks(editor, classes)).toMatchObject([{ key: 'o7', box: [30, 30, 50, 50], selected: true }])
  })
  it('has only what is in sight', () => {
    editor.setViewport({ ...editor.viewport, x: -4000 })
    expect(stillMarks(editor, classes)).toEqual([])
  })
  it('lays a box in front over the others, and draws a locked one faintly', () => {
    const other = { ...object, id: 'o8', object_id: 8 }
    editor.commit('paste', addBoxes([other]))
    editor.commit('order', toFront(['o7']))
    editor.lockBoxes(['o8'])
    expect(stillMarks(editor, classes).map((mark) => [mark.key, mark.faint])).toEqual([
      ['o8', true],
      ['o7', false],
    ])
  })
})

describe('a frame', () => {
  it('clears at the ratio of the display and draws each box with a halo below', () => {
    const { calls, context } = recorder()
    drawStill(context, editor, classes, 2)
    expect(calls[0]).toBe('setTransform(2,0,0,2,0,0)')
    expect(calls.filter((call) => call === 'strokeRect(26,26,20,20)')).toHaveLength(2)
    const [halo, line] = ['strokeStyle=rgba(0, 0, 0, 0.62)', 'strokeStyle=#4e9af1']
    expect(calls.indexOf(halo ?? '')).toBeLessThan(calls.indexOf(line ?? ''))
  })
  it('puts handles on a single selected box only', () => {
    const handles = () => {
      const { calls, context } = recorder()
      drawLive(context, editor, classes, null, 1)
      return calls.filter((call) => call.startsWith('fillRect') && call.endsWith('7,7)')).length
    }
    expect(handles()).toBe(0)
    editor.select(['o7'])
    expect(handles()).toBe(4)
  })
  it('shows the loupe while a small box is resized', () => {
    editor.select(['o7'])
    editor.pointerDown({ ...at, x: 46, y: 46 })
    editor.pointerMove({ ...at, x: 50, y: 50 })
    const { calls, context } = recorder()
    drawLive(context, editor, classes, {} as CanvasImageSource, 1)
    expect(calls.some((call) => call.startsWith('drawImage'))).toBe(true)
  })
  it('has a crosshair while drawing', () => {
    editor.setTool('draw')
    editor.pointerMove({ ...at, x: 20, y: 40 })
    const { calls, context } = recorder()
    drawLive(context, editor, classes, null, 1)
    expect(calls).toContain('moveTo(21,0)')
  })
})

describe('a shape finer than its box', () => {
  const corners: [number, number][] = [
    [10, 10],
    [30, 10],
    [10, 30],
  ]
  const triangle: LabelBox = { ...object, shape: { kind: 'polygon', parts: [[corners]] } }
  const opened = (box: LabelBox, image = { width: 200, height: 100 }) => {
    const made = new Editor({ image, content: { boxes: [box], decisions: {} }, activeClass: 1 })
    made.setScreen({ width: 232, height: 132 })
    return made
  }
  beforeEach(() => {
    vi.stubGlobal(
      'Path2D',
      class extends Array<string> {
        moveTo = (x: number, y: number) => this.push(`M${x},${y}`)
        lineTo = (x: number, y: number) => this.push(`L${x},${y}`)
        closePath = () => this.push('Z')
      },
    )
  })
  it('is filled and stroked along its own outline; its box shows only when it is selected', () => {
    const made = opened(triangle)
    const { calls, context } = recorder()
    drawStill(context, made, classes, 1)
    expect(calls).toContain('fill(M10,10,L30,10,L10,30,Z,evenodd)')
    expect(calls.filter((call) => call === 'stroke(M10,10,L30,10,L10,30,Z)')).toHaveLength(2)
    expect(calls.some((call) => call.startsWith('strokeRect'))).toBe(false)
    made.select(['o7'])
    drawLive(context, made, classes, null, 1)
    expect(calls).toContain('strokeRect(10,10,20,20)')
  })
  it('is hit along its outline, not where its box alone is', () => {
    const made = opened(triangle)
    const hovered = (x: number, y: number) => {
      made.pointerMove({ ...at, x: made.viewport.x + x, y: made.viewport.y + y })
      return made.state.hover
    }
    expect(hovered(14, 14)).toBe('o7')
    expect(hovered(29, 29)).toBeNull()
  })
  it('goes along while its box is dragged, and undo brings it back', () => {
    const made = opened(triangle)
    const start = { ...at, x: made.viewport.x + 14, y: made.viewport.y + 14, free: true }
    made.pointerDown(start)
    made.pointerMove({ ...start, x: start.x + 20 })
    const dragged = { parts: [[corners.map(([x, y]) => [x + 20, y])]] }
    expect(liveMarks(made, classes)[0]?.shape).toMatchObject(dragged)
    made.pointerUp({ ...start, x: start.x + 20 })
    expect(made.box('o7')).toMatchObject({ box: [30, 10, 50, 30], shape: dragged })
    made.undo()
    expect(made.box('o7')).toEqual(triangle)
  })
  it('leaves a mask out as soon as its box moves', () => {
    const made = opened({ ...object, shape: { kind: 'mask', size: [100, 200], counts: '0' } })
    made.commit('move', moveBoxes(['o7'], 5, 0, made.image))
    expect(made.box('o7')).toMatchObject({ box: [15, 10, 35, 30], shape: null })
  })
})
