import { describe, expect, it } from 'vitest'
import type { RowBox } from '../api/types'
import { ON_IMAGE } from '../ui/colours'
import { boxesInWords, rowMarks } from './rowMarks'

const classes = new Map([[1, { name: 'car', colour: '#4e9af1' }]])
const box = (part: Partial<RowBox>): RowBox => ({
  kind: 'gt',
  id: 5,
  class_id: 1,
  box: [0, 0, 9, 9],
  ...part,
})

describe('rowMarks', () => {
  it('wears the class without an evaluation', () => {
    expect(rowMarks([box({})], classes)).toMatchObject([{ colour: '#4e9af1', stroke: 'solid', name: 'car' }])
  })
  it('wears the verdict with one, and says it with a letter and a line', () => {
    expect(
      rowMarks([box({ verdict: 'fn' }), box({ kind: 'pred', verdict: 'fp', score: 0.512 })], classes),
    ).toMatchObject([
      { colour: ON_IMAGE.fn, stroke: 'solid', name: 'M car' },
      { colour: ON_IMAGE.fp, stroke: 'dashed', name: 'F car 0.51' },
    ])
  })
  it('has the shape of a label that has one', () => {
    const shape = { kind: 'turned', centre: [4, 4], size: [4, 2], angle: 30 } as const
    expect(
      rowMarks([box({ shape: { ...shape, centre: [4, 4], size: [4, 2] } }), box({})], classes),
    ).toMatchObject([{ shape }, { shape: undefined }])
  })
  it('hatches what is ignored, and leaves it out of the words', () => {
    const boxes = [box({}), box({ id: 6, ignore: 'crowd' })]
    expect(rowMarks(boxes, classes).map(({ hatched }) => hatched)).toEqual([false, true])
    expect(boxesInWords(boxes, classes)).toBe('1 car')
  })
  it('tells a truth from a prediction with the same number', () => {
    const [a, b] = rowMarks([box({}), box({ kind: 'pred' })], classes)
    expect(a?.key).not.toBe(b?.key)
  })
  it('names a class that is gone by its number', () => {
    expect(rowMarks([box({ class_id: 9 })], classes)[0]?.name).toBe('#9')
  })
})

describe('boxesInWords', () => {
  it('counts the truth by class', () => {
    expect(boxesInWords([box({}), box({ id: 6 }), box({ kind: 'pred' })], classes)).toBe('2 car')
  })
})
