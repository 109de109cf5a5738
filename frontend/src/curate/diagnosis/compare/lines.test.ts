import { describe, expect, it } from 'vitest'
import type { Curves } from '../../../api/types'
import { meanCurve, pointAt, precisionRecallLines } from './lines'

const curve = (class_id: number, precision: (number | null)[]) => ({
  class_id,
  recall: [0, 0.5, 1],
  precision,
  score: [1, 0.5, 0],
})
const curves: Curves = {
  precision_recall: [curve(1, [1, 0.8, 0]), curve(2, [0.5, 0.4, 0.2]), curve(3, [null, null, null])],
  f1: [
    { conf: 0, precision: 0.1, recall: 1, f1: 0.2 },
    { conf: 0.5, precision: 0.9, recall: 0.6, f1: 0.72 },
  ],
}
const look = { name: 'last run', colour: '#fff', dashed: false }
const classes = [
  { id: 1, name: 'car', colour: '#f00' },
  { id: 2, name: 'bike', colour: '#0f0' },
  { id: 3, name: 'rider', colour: '#00f' },
]

describe('curves over each other', () => {
  it('average the classes that have boxes', () => {
    expect(meanCurve(curves.precision_recall)).toEqual([
      [0, 0.75],
      [0.5, expect.closeTo(0.6)],
      [1, 0.1],
    ])
    expect(meanCurve([])).toEqual([])
  })
  it('are those of all classes in their colours, or one of a class in its side’s', () => {
    const all = precisionRecallLines(curves, 'all', look, classes)
    expect(all.map(({ name, colour }) => [name, colour])).toEqual([
      ['car', '#f00'],
      ['bike', '#0f0'],
    ])
    const one = precisionRecallLines(curves, 2, look, classes)
    expect(one.map(({ name, colour, points }) => [name, colour, points[1]])).toEqual([
      ['last run', '#0f0', [0.5, 0.4]],
    ])
    expect(precisionRecallLines(curves, 2, { ...look, own: true }, classes)[0]?.colour).toBe('#fff')
  })
  it('have a mark where the boxes were judged', () => {
    expect(pointAt(curves.f1, 0.44)).toEqual([0.5, 0.72])
    expect(pointAt(curves.f1, null)).toBeNull()
  })
})
