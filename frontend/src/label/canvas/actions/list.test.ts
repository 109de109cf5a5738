import { beforeEach, describe, expect, it, vi } from 'vitest'
import en from '../../locales/en.json'
import ko from '../../locales/ko.json'
import type { LabelBox, Suggestion } from '../content'
import { type Clipboard, Editor } from '../editor'
import { verdictOf } from '../suggestions'
import type { TaskHost } from './action'
import { ACTION_KEYS, ACTIONS, actionById, performClass, performCode, performKey } from './list'

const image = { width: 200, height: 100 }

function box(id: string, xyxy: LabelBox['box'], objectId: number | null = null): LabelBox {
  return {
    id,
    object_id: objectId,
    class_id: 1,
    box: xyxy,
    attributes: {},
    ignore: 'no',
    provenance: 'imported',
  }
}

const missing: Suggestion = {
  id: 1,
  object_id: null,
  kind: 'missing',
  score: 0.8,
  reason: '',
  reason_code: '',
  reason_params: {},
  given: null,
  proposed: { class_id: 2, box: [100, 10, 120, 30] },
}
const spurious: Suggestion = {
  id: 2,
  object_id: 7,
  kind: 'spurious',
  score: 0.7,
  reason: '',
  reason_code: '',
  reason_params: {},
  given: { class_id: 1, box: [10, 10, 30, 30] },
  proposed: null,
}

function makeHost() {
  return {
    hasNext: true,
    hasPrevious: false,
    next: vi.fn(),
    previous: vi.fn(),
    finish: vi.fn(),
    skip: vi.fn(),
    save: vi.fn(),
    openClasses: vi.fn(),
    openComments: vi.fn(),
    openInstructions: vi.fn(),
    focusObjects: vi.fn(),
    focusAttributes: vi.fn(),
    focusImageLabels: vi.fn(),
    rejectImage: vi.fn(),
  } satisfies TaskHost
}

let editor: Editor
let host: ReturnType<typeof makeHost>
let clipboard: Clipboard
const press = (word: string) => performKey(word, { editor, host, clipboard })
const boxNow = (id: string) => editor.content.boxes.find((one) => one.id === id)

beforeEach(() => {
  const content = { boxes: [box('o7', [10, 10, 30, 30], 7), box('o8', [50, 50, 90, 90], 8)], decisions: {} }
  editor = new Editor({ image, content, suggestions: [missing, spurious], activeClass: 1 })
  editor.setScreen({ width: 432, height: 232 })
  host = makeHost()
  clipboard = { image: null, boxes: [] }
})

describe('the list', () => {
  it('has no key twice', () => {
    const keys = ACTIONS.flatMap((action) => action.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(ACTION_KEYS.has('b')).toBe(true)
  })
  it('has a label for every action in every language', () => {
    const missingIn = (texts: Record<string, string>) =>
      ACTIONS.map((action) => action.id).filter((id) => !texts[id])
    expect(missingIn(en.action)).toEqual([])
    expect(missingIn(ko.action)).toEqual([])
  })
})

describe('boxes', () => {
  it('nudges and undoes a run of nudges at once', () => {
    editor.select(['o8'])
    for (const key of ['arrowleft', 'arrowleft', 'shift+arrowup']) press(key)
    expect(boxNow('o8')?.box).toEqual([48, 40, 88, 80])
    press('mod+z')
    expect(boxNow('o8')?.box).toEqual([50, 50, 90, 90])
  })
  it('grows and shrinks by an edge', () => {
    editor.select(['o8'])
    press('mod+arrowright')
    press('mod+arrowup')
    expect(boxNow('o8')?.box).toEqual([50, 50, 91, 89])
  })
  it('lets what is selected be ignored, then count again', () => {
    editor.select(['o7', 'o8'])
    expect(press('i')).toBe(true)
    expect([boxNow('o7')?.ignore, boxNow('o8')?.ignore]).toEqual(['region', 'region'])
    press('i')
    expect([boxNow('o7')?.ignore, boxNow('o8')?.ignore]).toEqual(['no', 'no'])
    press('mod+z')
    expect(boxNow('o8')?.ignore).toBe('region')
  })
  it('deletes what is selected and lets go of it', () => {
    editor.select(['o8'])
    expect(press('delete')).toBe(true)
    expect(boxNow('o8')).toBeUndefined()
    expect(editor.selection).toEqual([])
  })
  it('does nothing without a selection', () => {
    expect(press('delete')).toBe(false)
    expect(press('arrowleft')).toBe(false)
  })
  it('pastes beside the original, and at the same place in another image', () => {
    editor.select(['o8'])
    press('mod+c')
    press('mod+v')
    const [id] = editor.selection
    expect(boxNow(id ?? '')?.box).toEqual([56, 56, 96, 96])
    const other = new Editor({ image: { ...image }, content: { boxes: [], decisions: {} }, activeClass: 1 })
    performKey('mod+v', { editor: other, host, clipboard })
    expect(other.content.boxes[0]?.box).toEqual([50, 50, 90, 90])
  })
  it('relabels by a class key, and draws with it next', () => {
    editor.select(['o8'])
    performClass(5, { editor, host, clipboard })
    expect(boxNow('o8')?.class_id).toBe(5)
    press('b')
    performClass(6, { editor, host, clipboard })
    expect(boxNow('o8')?.class_id).toBe(5)
    expect(editor.activeClass).toBe(6)
  })
  it('steps through the objects both ways round', () => {
    press(']')
    expect(editor.selection).toEqual(['o7'])
    press('[')
    expect(editor.selection).toEqual(['o8'])
  })
})

describe('suggestions', () => {
  it('goes to the next, zooms to it and comes round', () => {
    const before = editor.viewport.scale
    press('tab')
    expect(editor.state.suggestion).toBe(1)
    expect(editor.viewport.scale).toBeGreaterThan(before)
    press('tab')
    expect(editor.state.suggestion).toBe(2)
    expect(editor.selection).toEqual(['o7'])
    press('tab')
    expect(editor.state.suggestion).toBe(1)
  })
  it('goes backwards from the end', () => {
    press('shift+tab')
    expect(editor.state.suggestion).toBe(2)
  })
  it('accepts and goes on; with nothing left, Tab is free for the browser', () => {
    press('tab')
    press('enter')
    expect(editor.content.boxes).toHaveLength(3)
    expect(editor.state.suggestion).toBe(2)
    press('x')
    expect(verdictOf(editor.content, spurious)).toBe('rejected')
    expect(press('tab')).toBe(false)
  })
  it('takes a proposal to be edited: the edit makes it corrected', () => {
    press('tab')
    press('e')
    expect(verdictOf(editor.content, missing)).toBe('accepted')
    expect(editor.selection).toHaveLength(1)
    performClass(9, { editor, host, clipboard })
    expect(verdictOf(editor.content, missing)).toBe('corrected')
  })
  it('opens a decision again', () => {
    editor.focusSuggestion(2)
    press('r')
    editor.focusSuggestion(2)
    expect(press('u')).toBe(true)
    expect(verdictOf(editor.content, spurious)).toBe('pending')
  })
  it('is looked at when its object is selected', () => {
    editor.select(['o7'])
    expect(editor.state.suggestion).toBe(2)
    editor.select(['o8'])
    expect(editor.state.suggestion).toBeNull()
  })
})

describe('escape', () => {
  it('goes back one layer at a time', () => {
    editor.select(['o8'])
    editor.setTool('draw')
    const at = { x: 50, y: 50, shift: false, alt: false, coarse: false }
    editor.pointerDown(at)
    editor.pointerMove({ ...at, x: 90, y: 90 })
    press('escape')
    expect(editor.state.preview).toBeNull()
    expect(editor.state.tool).toBe('draw')
    press('escape')
    expect(editor.state.tool).toBe('select')
    expect(editor.selection).toEqual(['o8'])
    press('escape')
    expect(editor.selection).toEqual([])
  })
})

describe('the page', () => {
  it('is asked for what lies outside the canvas', () => {
    press('pagedown')
    press('mod+enter')
    expect(host.next).toHaveBeenCalledOnce()
    expect(host.finish).toHaveBeenCalledOnce()
    expect(press('pageup')).toBe(false)
    expect(host.previous).not.toHaveBeenCalled()
  })
  it('knows its actions by name', () => {
    expect(actionById('fit').keys).toContain('f')
    expect(() => actionById('nothing')).toThrow()
  })
})

describe('the hand', () => {
  it('pans with the space bar held, whatever the tool', () => {
    editor.setTool('draw')
    editor.holdPan(true)
    const at = { x: 50, y: 50, shift: false, alt: false, coarse: false }
    const { x } = editor.viewport
    editor.pointerDown(at)
    editor.pointerMove({ ...at, x: 60 })
    editor.pointerUp({ ...at, x: 60 })
    editor.holdPan(false)
    expect(editor.viewport.x).toBe(x + 10)
    expect(editor.content.boxes).toHaveLength(2)
    expect(editor.tool.name).toBe('draw')
  })
})

describe('locks and what is hidden', () => {
  it('locks what is selected: neither key nor pointer changes it until it is unlocked', () => {
    editor.select(['o8'])
    press('l')
    press('delete')
    press('arrowleft')
    expect(boxNow('o8')?.box).toEqual([50, 50, 90, 90])
    expect(editor.state.spared).toEqual({ times: 2, count: 1 })
    press('l')
    press('arrowleft')
    expect(boxNow('o8')?.box).toEqual([49, 50, 89, 90])
  })
  it('locks all others, then unlocks all', () => {
    editor.select(['o8'])
    press('shift+l')
    expect(editor.content.boxes.map((one) => editor.isLocked(one))).toEqual([true, false])
    press('shift+l')
    expect(editor.content.boxes.some((one) => editor.isLocked(one))).toBe(false)
  })
  it('locks a class: no verdict changes a box of it', () => {
    press('mod+shift+l')
    editor.focusSuggestion(2)
    press('a')
    expect(verdictOf(editor.content, spurious)).toBe('pending')
    expect(boxNow('o7')).toBeDefined()
  })
  it('hides what is selected, or all others, and shows all again', () => {
    const shown = () => editor.visibleBoxes().map((one) => one.id)
    editor.select(['o8'])
    press('shift+h')
    expect(shown()).toEqual(['o7'])
    press('shift+h')
    expect(shown()).toEqual(['o7', 'o8'])
    editor.select(['o8'])
    press('shift+o')
    expect(shown()).toEqual(['o8'])
    press('shift+o')
    expect(shown()).toEqual(['o7', 'o8'])
  })
})

describe('boxes on top of each other', () => {
  it('are gone through by a key, and brought to the front', () => {
    const pile = ['a', 'b', 'c'].map((id) => box(id, [10, 10, 60, 60]))
    const one = new Editor({ image, content: { boxes: pile, decisions: {} }, activeClass: 1 })
    one.setScreen({ width: 432, height: 232 })
    const context = { editor: one, host, clipboard }
    one.select(['a'])
    const seen = [1, 2, 3].map(() => {
      performKey('shift+v', context)
      return one.selection[0]
    })
    expect(seen).toEqual(['c', 'b', 'a'])
    performKey('}', context)
    expect(one.boxesIn([0, 0, 200, 100]).map(({ id }) => id)).toEqual(['b', 'c', 'a'])
    performKey('mod+z', context)
    expect(one.boxesIn([0, 0, 200, 100]).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })
})

describe('class codes', () => {
  const keys = new Map([
    [5, '0 t'],
    [6, '0 x y'],
  ])
  const type = (...words: string[]) =>
    words.map((word) => performCode(word, keys, { editor, host, clipboard }))
  it('gives a class by the strokes after 0, relabels, and puts it first among those used', () => {
    editor.select(['o8'])
    press('0')
    expect(editor.state.chord).toBe('')
    type('x')
    expect(editor.state.chord).toBe('x')
    type('y')
    expect(editor.state.chord).toBeNull()
    expect(boxNow('o8')?.class_id).toBe(6)
    expect(editor.state.recent[0]).toBe(6)
  })
  it('ends at a sign that no code has, at Escape, and at a stroke with Ctrl, which goes on to its action', () => {
    for (const [word, taken] of [
      ['q', true],
      ['escape', true],
      ['mod+z', false],
    ] as const) {
      press('0')
      expect(type(word)).toEqual([taken])
      expect(editor.state.chord).toBeNull()
    }
  })
})

describe('the look', () => {
  it('is changed by keys: snapping, zoom that goes along, the picture as it is', () => {
    press('shift+e')
    press('shift+z')
    expect(editor.state.look).toMatchObject({ snap: false, keepView: true })
    expect(press('shift+p')).toBe(false)
    editor.setLook({ gamma: 1.5 })
    press('shift+p')
    expect(editor.state.look.plain).toBe(true)
  })
  it('begins where the last image was looked at', () => {
    const view = { zoom: 3, x: 0.5, y: 0.5 }
    const one = new Editor({ image, content: { boxes: [], decisions: {} }, activeClass: 1, view })
    one.setScreen({ width: 432, height: 232 })
    expect(one.viewport.scale).toBeCloseTo(6)
    expect(one.keptView()).toEqual(view)
  })
})
