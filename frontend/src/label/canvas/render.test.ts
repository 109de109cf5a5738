import { beforeEach, describe, expect, it } from 'vitest'
import type { Drawing } from '../../canvas/paint'
import type { LabelBox, Suggestion } from './content'
import { Editor } from './editor'
import { boxMarks, type Classes, drawOverlay, predictionMarks, suggestionMarks } from './render'
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
    expect(boxMarks(editor.state, classes)).toMatchObject([
      { key: 'o7', stroke: 'solid', colour: '#4e9af1', name: 'car' },
    ])
  })
  it('draws a suggestion dotted where its object now is, until it is decided', () => {
    expect(suggestionMarks(editor.state, classes)).toMatchObject([
      { stroke: 'dotted', box: [10, 10, 30, 30], name: '? bus' },
    ])
    editor.commit(
      'accept',
      accept(wrongClass, editor.image, () => 'n1'),
    )
    expect(suggestionMarks(editor.state, classes)).toEqual([])
  })
  it('draws predictions dashed, with their score, when asked', () => {
    expect(predictionMarks(editor, classes)).toEqual([])
    editor.setLook({ predictions: true })
    expect(predictionMarks(editor, classes)).toMatchObject([{ stroke: 'dashed', name: 'bus 0.46' }])
  })
  it('hides classes and all', () => {
    editor.setLook({ hiddenClasses: new Set([1]) })
    expect(boxMarks(editor.state, classes)).toEqual([])
    editor.setLook({ hiddenClasses: new Set(), boxes: false })
    expect(boxMarks(editor.state, classes)).toEqual([])
  })
  it('shows a gesture before it is in the document', () => {
    editor.setTool('draw')
    editor.pointerDown({ ...at, x: 66, y: 66 })
    editor.pointerMove({ ...at, x: 96, y: 96 })
    expect(boxMarks(editor.state, classes).at(-1)).toMatchObject({
      key: 'drawing',
      box: [50, 50, 80, 80],
      colour: '#f2b134',
    })
  })
  it('names a class that is gone by its number', () => {
    expect(boxMarks(editor.state, new Map())[0]?.name).toBe('#1')
  })
})

describe('drawOverlay', () => {
  it('clears at the ratio of the display and draws each box with a halo below', () => {
    const { calls, context } = recorder()
    drawOverlay(context, editor, classes, null, 2)
    expect(calls[0]).toBe('setTransform(2,0,0,2,0,0)')
    const strokes = calls.filter((call) => call.startsWith('strokeRect'))
    expect(strokes.slice(0, 2)).toEqual(['strokeRect(26,26,20,20)', 'strokeRect(26,26,20,20)'])
  })
  it('puts handles on a single selected box only', () => {
    const handles = () => {
      const { calls, context } = recorder()
      drawOverlay(context, editor, classes, null, 1)
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
    drawOverlay(context, editor, classes, {} as CanvasImageSource, 1)
    expect(calls.some((call) => call.startsWith('drawImage'))).toBe(true)
  })
  it('has a crosshair while drawing', () => {
    editor.setTool('draw')
    editor.pointerMove({ ...at, x: 20, y: 40 })
    const { calls, context } = recorder()
    drawOverlay(context, editor, classes, null, 1)
    expect(calls).toContain('moveTo(21,0)')
  })
})
