import { describe, expect, it } from 'vitest'
import type { Comparison, EvaluationDetail } from '../../api/types'
import { figureRows, figuresCsv, isComplete } from './figureRows'

const car = { id: 4, name: 'car', colour: '#f00' }
const evaluation = (id: number, AP: number) =>
  ({
    id,
    revision: 2,
    prediction_set: { name: `set ${id}`, run: null },
    figures: { AP, AP50: 0.8, AP75: 0.4, APs: null, APm: 0.3, APl: 0.6, AR100: 0.5 },
    interval: { low: AP - 0.02, high: AP + 0.02 },
    interval50: null,
    per_class: [{ class_id: 4, AP: 0.7, interval: { low: 0.6, high: 0.8 } }],
  }) as unknown as EvaluationDetail
const difference = { a: 0.4, b: 0.45, value: 0.05, low: 0.01, high: 0.09, p: 0.01, verdict: 'proven' }
const comparison = {
  delta: { mAP: difference, mAP50: difference },
  changes: null,
  per_class: [{ class_id: 4, ...difference, value: -0.1 }],
} as unknown as Comparison

describe('the table of several evaluations', () => {
  const rows = figureRows([car])
  it('has a row for each figure and each class', () => {
    expect(rows.map(({ name }) => name)).toEqual([
      'mAP', 'mAP50', 'mAP75', 'APs', 'APm', 'APl', 'AR100', 'car',
    ]) // biome-ignore format: one line
  })
  it('takes figures and differences from where they stand', () => {
    const [map, , at75, small] = rows
    expect(map!.value(evaluation(1, 0.4))).toBe(0.4)
    expect(small!.value(evaluation(1, 0.4))).toBeNull()
    expect(map!.delta(comparison)?.value).toBe(0.05)
    expect(at75!.delta(comparison)).toBeUndefined()
    expect(rows.at(-1)!.delta(comparison)?.value).toBe(-0.1)
    expect(map!.delta(undefined)).toBeUndefined()
  })
  it('is not complete with a comparison of an earlier version', () => {
    expect(isComplete(comparison)).toBe(false)
  })
  it('is copied as CSV', () => {
    const csv = figuresCsv(
      rows.slice(0, 1),
      [evaluation(1, 0.4), evaluation(2, 0.45)],
      new Map([[2, comparison]]),
    )
    expect(csv[1]).toEqual(['mAP', 'set 1 · r2', 1, 0.4, 0.38, 0.42000000000000004, '', '', '', '', ''])
    expect(csv[2]?.slice(6)).toEqual([0.05, 0.01, 0.09, 0.01, 'proven'])
  })
})
