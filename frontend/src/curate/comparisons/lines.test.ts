import { describe, expect, it } from 'vitest'
import type { OverConfidence } from '../../api/types'
import { classChoice, f1Line, pointAt, recallLines } from './lines'

const curve = (class_id: number, AP: number | null, precision: (number | null)[]) => ({
  class_id,
  AP,
  precision,
  score: [1, 0.5, 0],
})
const curves: OverConfidence['precision_recall'] = {
  recall: [0, 0.5, 1],
  mean: { AP: 0.48, precision: [0.75, 0.6, 0.1] },
  classes: [curve(1, 0.6, [1, 0.8, 0]), curve(2, 0.36, [0.5, 0.4, 0.2]), curve(3, null, [null, null, null])],
}
const f = (class_id: number, values: number[]) => ({
  class_id,
  precision: [],
  recall: [],
  f: values,
  best: null,
  best_f: null,
})
const confidence: OverConfidence['confidence'] = {
  conf: [0, 0.5],
  best: 0.5,
  mean: { precision: [], recall: [], f: [0.2, 0.72] },
  classes: [f(1, [0.3, 0.8]), f(2, [0.1, 0.64])],
}
const look = { name: 'last run', colour: '#fff', dashed: false }
const known = [
  { id: 1, name: 'car', colour: '#f00' },
  { id: 2, name: 'bike', colour: '#0f0' },
  { id: 3, name: 'rider', colour: '#00f' },
]

describe('curves over each other', () => {
  it('are the mean of the classes', () => {
    const [mean] = recallLines(curves, 'mean', look, known)
    expect([mean?.name, mean?.colour, mean?.ap, mean?.points[1]]).toEqual([
      'last run',
      '#fff',
      0.48,
      [0.5, 0.6],
    ])
  })
  it('are those of all classes that have boxes in their colours, or of one', () => {
    const all = recallLines(curves, 'all', look, known)
    expect(all.map(({ name, colour, ap }) => [name, colour, ap])).toEqual([
      ['car', '#f00', 0.6],
      ['bike', '#0f0', 0.36],
    ])
    const one = recallLines(curves, 2, look, known)
    expect(one.map(({ name, colour, points }) => [name, colour, points[1]])).toEqual([
      ['last run', '#0f0', [0.5, 0.4]],
    ])
    expect(recallLines(curves, 1, look, known)[0]?.points).toEqual([
      [0, 1],
      [0.5, 0.8],
    ])
    expect(recallLines(curves, 2, { ...look, own: true }, known)[0]?.colour).toBe('#fff')
  })
  it('are of F1 too, with a mark where the boxes were judged', () => {
    expect(f1Line(confidence, 'mean')).toEqual([
      [0, 0.2],
      [0.5, 0.72],
    ])
    expect(f1Line(confidence, 2)[1]).toEqual([0.5, 0.64])
    expect(pointAt(f1Line(confidence, 'all'), 0.44)).toEqual([0.5, 0.72])
    expect(pointAt([], 0.44)).toBeNull()
  })
  it('are chosen by the address', () => {
    expect(['all', '4', 4, undefined, 'x'].map(classChoice)).toEqual(['all', 4, 4, 'mean', 'mean'])
  })
})
