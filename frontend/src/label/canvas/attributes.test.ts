import { beforeEach, describe, expect, it } from 'vitest'
import type { Attribute } from '../../api/types'
import {
  firstIncomplete,
  initialValues,
  isTaken,
  lastGiven,
  linesOf,
  missingOf,
  setAttribute,
} from './attributes'
import type { Content, LabelBox } from './content'
import { Editor } from './editor'

const attribute = (part: Partial<Attribute> & Pick<Attribute, 'id' | 'name'>): Attribute => ({
  class_id: null,
  kind: 'text',
  values: [],
  minimum: null,
  maximum: null,
  unit: '',
  required: false,
  default: null,
  same_as_last: false,
  ...part,
})
const lit = attribute({ id: 1, name: 'lit', kind: 'checkbox', class_id: 1, required: true })
const pose = attribute({ id: 2, name: 'pose', kind: 'choice', values: ['front', 'back'], default: 'front' })
const schema = [lit, pose]

const box = (id: string, attributes = {}, classId = 1): LabelBox => ({
  id,
  object_id: null,
  class_id: classId,
  box: [1, 1, 9, 9],
  attributes,
  ignore: 'no',
  provenance: 'imported',
})
const content = (...boxes: LabelBox[]): Content => ({ boxes, decisions: {} })

beforeEach(() => lastGiven.clear())

describe('a new box', () => {
  it('begins with defaults, or with what was given last', () => {
    expect(initialValues(schema, 1)).toEqual({ pose: 'front' })
    lastGiven.set(2, 'back')
    expect(initialValues(schema, 1)).toEqual({ pose: 'front' })
    expect(initialValues([lit, { ...pose, same_as_last: true }], 1)).toEqual({ pose: 'back' })
  })
  it('has them however it came, and undo takes both back', () => {
    const editor = new Editor({
      image: { width: 50, height: 50 },
      content: content(box('o1')),
      activeClass: 1,
      schema,
    })
    editor.commit('draw', (was) => ({ ...was, boxes: [...was.boxes, box('n1')] }))
    expect(editor.content.boxes.map((one) => one.attributes)).toEqual([{}, { pose: 'front' }])
    editor.undo()
    expect(editor.content.boxes).toHaveLength(1)
  })
})

describe('what is missing', () => {
  it('is asked of boxes that count, by class', () => {
    expect(missingOf(schema, box('a'))).toEqual(['lit'])
    expect(missingOf(schema, box('a', { lit: false }))).toEqual([])
    expect(missingOf(schema, box('a', {}, 2))).toEqual([])
    expect(missingOf(schema, { ...box('a'), ignore: 'region' })).toEqual([])
    const found = firstIncomplete(schema, content(box('a', { lit: true }), box('b')))
    expect([found?.box.id, found?.names]).toEqual(['b', ['lit']])
  })
})

describe('several boxes', () => {
  it('show what they share, and say where they differ', () => {
    const lines = linesOf(schema, [box('a', { lit: true, lane: 1 }), box('b', { lit: false, lane: 1 }, 2)])
    expect(lines.map(({ name, value, mixed, attribute: of }) => [name, value, mixed, of?.id])).toEqual([
      ['pose', undefined, false, 2],
      ['lane', 1, false, undefined],
      ['lit', undefined, true, undefined],
    ])
  })
  it('are changed together in one step', () => {
    const before = content(box('a', { lane: 1 }), box('b'))
    const after = setAttribute(['a', 'b'], 'lane', 2)(before)
    expect(after.boxes.map((one) => one.attributes)).toEqual([{ lane: 2 }, { lane: 2 }])
    expect(setAttribute(['a', 'b'], 'lane', 2)(after)).toBe(after)
    expect(setAttribute(['a', 'b'], 'lane', undefined)(after).boxes[0]?.attributes).toEqual({})
  })
})

it('knows what the schema takes', () => {
  const speed = attribute({ id: 3, name: 'speed', kind: 'number', minimum: 0, maximum: 10 })
  expect([5, 0, 10, 11, -1, '5', undefined].map((value) => isTaken(speed, value))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    true,
  ])
  expect(isTaken(pose, 'left')).toBe(false)
  expect(isTaken(lit, 'yes')).toBe(false)
})
