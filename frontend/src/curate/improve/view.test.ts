import { describe, expect, it } from 'vitest'
import type { LearningCurve } from '../../api/types'
import { curveOf, curveRows, floorOf, gainText, minutesText, perHour, stepKey, written } from './view'

describe('gainText', () => {
  it('has a sign at each number and the interval behind', () => {
    expect(gainText({ value: 0.62, low: 0.1, high: 1.14 })).toBe('+0.6 [+0.1, +1.1]')
    expect(gainText({ value: -0.4, low: -1.2, high: 0.3 })).toBe('−0.4 [−1.2, +0.3]')
  })

  it('says nothing where nothing is known', () => {
    expect(gainText(null)).toBe('–')
    expect(gainText({ value: null, low: null, high: null })).toBe('–')
    expect(gainText({ value: 1, low: null, high: null })).toBe('+1.0')
  })
})

describe('written', () => {
  it('writes points with one decimal, and counts whole', () => {
    expect(written({ boxes: 1234, at_most: 0.9108, smallest: 12, right: 4.61, name: 'rider' })).toEqual({
      boxes: '1,234',
      at_most: '0.9',
      smallest: '12.0',
      right: '5',
      name: 'rider',
    })
  })
})

describe('perHour', () => {
  it('has one decimal, and none where three digits stand before it', () => {
    expect([perHour(0.04), perHour(28.31), perHour(486.82), perHour(-39.7)]).toEqual([
      '0.0',
      '28.3',
      '487',
      '−39.7',
    ])
  })
})

describe('curveOf', () => {
  const point = { n: 3, ap: 0.1, low: 0.05, high: 0.15, run: { id: 1, name: 'quarter' }, evaluation: 5 }
  const law = {
    sizes: 2,
    sure_of_exponent: false,
    exponent: { value: 0.3, low: 0.1, high: 1 },
    doubling: { value: 2, low: 0, high: 4 },
    line: [{ n: 6, ap: 0.2, low: 0.1, high: 0.3 }],
  }
  const curve: LearningCurve = {
    run: { id: 2, name: 'baseline' },
    job: null,
    points: [point],
    waiting: [],
    law,
    classes: [{ class_id: 11, points: [{ ...point, n: 9 }], law: null }],
    refusal: null,
  }

  it('is that of all classes, of one, or of a class that was never judged', () => {
    expect(curveOf(curve, undefined)).toEqual({ points: [point], law })
    expect(curveOf(curve, 11).points[0]!.n).toBe(9)
    expect(curveOf(curve, 99)).toEqual({ points: [], law: null })
  })

  it('is drawn from a round ten below its points on, and never from below 0', () => {
    expect(floorOf([{ ...point, ap: 0.42, low: 0.31 }], null)).toBe(30)
    expect(floorOf([{ ...point, ap: 0.008, low: -0.001 }], law)).toBe(0)
  })

  it('is copied as the trainings, then the law', () => {
    expect(curveRows(curve.points, law)).toEqual([
      ['what', 'n', 'ap', 'low', 'high'],
      ['quarter', 3, 0.1, 0.05, 0.15],
      ['law', 6, 0.2, 0.1, 0.3],
    ])
  })
})

it('tells the steps of two classes apart', () => {
  expect(stepKey({ step: 'more_of_class', class_id: 11 })).not.toBe(
    stepKey({ step: 'more_of_class', class_id: 12 }),
  )
})

it('has no minutes where nobody knows them', () => {
  expect(minutesText(null)).toBe('–')
})
