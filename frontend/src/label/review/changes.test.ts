import { describe, expect, it } from 'vitest'
import type { LabelBox } from '../canvas/content'
import { changesOf, stepTo } from './changes'

const box = (id: string, part: Partial<LabelBox> = {}): LabelBox => ({
  id,
  object_id: null,
  class_id: 1,
  box: [0, 0, 10, 10],
  attributes: {},
  ignore: 'no',
  provenance: 'imported',
  ...part,
})

const facets = (before: LabelBox[], now: LabelBox[]) =>
  changesOf(before, now).map((one) => [one.id, one.facets.join()])

describe('changesOf', () => {
  it('says nothing of what is as it was, in whatever order', () => {
    expect(changesOf([box('a'), box('b')], [box('b'), box('a', { provenance: 'human' })])).toEqual([])
  })

  it.each([
    [[box('a')], [], [['a', 'removed']]],
    [[], [box('n1')], [['n1', 'added']]],
    [[box('a')], [box('a', { class_id: 2 })], [['a', 'relabelled']]],
    [[box('a')], [box('a', { box: [0, 0, 12, 10] })], [['a', 'moved']]],
    [[box('a')], [box('a', { ignore: 'crowd' })], [['a', 'ignored']]],
    [[box('a', { attributes: { seen: true } })], [box('a')], [['a', 'attributes']]],
    [
      [box('gone'), box('a')],
      [box('a', { class_id: 2, box: [1, 1, 9, 9] }), box('n1')],
      [
        ['a', 'relabelled,moved'],
        ['n1', 'added'],
        ['gone', 'removed'],
      ],
    ],
  ])('names what was changed', (before, now, expected) => {
    expect(facets(before, now)).toEqual(expected)
  })

  it('names the attributes, before and after', () => {
    const [one] = changesOf(
      [box('a', { attributes: { seen: true, colour: 'red' } })],
      [box('a', { attributes: { colour: 'blue' } })],
    )
    expect(one?.attributes).toEqual([
      { name: 'seen', before: true, after: undefined },
      { name: 'colour', before: 'red', after: 'blue' },
    ])
  })
})

describe('stepTo', () => {
  const all = [{ id: 1 }, { id: 2 }, { id: 3 }]
  it.each([
    [null, 1, 1],
    [null, -1, 3],
    [1, 1, 2],
    [3, 1, 1],
    [1, -1, 3],
    [9, 1, 1],
  ] as const)('from %s by %s is %s', (from, step, expected) => {
    expect(stepTo(all, from, step)?.id).toBe(expected)
  })
  it('is nowhere where there is nothing', () => expect(stepTo<{ id: number }>([], 1, 1)).toBeUndefined())
})
