import { describe, expect, it } from 'vitest'
import { binAsked, boxesAddress, cellAsked, narrowed, nearestIou, readControls } from './controls'

const evaluation = { id: 7, dataset: 2, conf: 0.3124, iou: 0.5 }

describe('the controls', () => {
  it('stands where the evaluation was judged until the address says otherwise', () => {
    expect(readControls({}, evaluation)).toEqual({
      conf: 0.312,
      iou: 0.5,
      q: '',
      beta: 1,
      of: null,
      by: 'size',
    })
    expect(readControls({ conf: 0.6, iou: 0.7, beta: 2, class: 3 }, evaluation)).toMatchObject({
      conf: 0.6,
      iou: 0.7,
      beta: 2,
      of: 3,
    })
  })
  it('takes only points that there are', () => {
    expect(readControls({ conf: 0.001, iou: 0.52, beta: 9 }, evaluation)).toMatchObject({
      conf: 0.05,
      iou: 0.5,
      beta: 1,
    })
    expect(nearestIou(0.99)).toBe(0.95)
  })
})

describe('the way to the boxes', () => {
  it('is short at the evaluation’s own point', () => {
    const address = boxesAddress(evaluation, { conf: 0.312, iou: 0.5 }, cellAsked(4, null))
    expect(address).toBe('/datasets/2?view=objects&evaluation=7&cell=4%3A0')
  })
  it('leads by way of the server at another', () => {
    const address = new URL(
      boxesAddress(evaluation, { conf: 0.5, iou: 0.75 }, { verdicts: 'fp', classes: 4 }, 'any(car)'),
      'http://x',
    )
    expect(address.pathname).toBe('/evaluations/7/boxes')
    expect(Object.fromEntries(address.searchParams)).toEqual({
      conf: '0.5',
      iou: '0.75',
      verdicts: 'fp',
      classes: '4',
      q: 'any(car)',
    })
  })
  it('of the error budget asks for its rows, whatever the confidence', () => {
    const address = boxesAddress(evaluation, { conf: 0.312, iou: 0.5, rows: 'budget' }, { errors: 'class' })
    expect(address).toBe('/evaluations/7/boxes?iou=0.5&rows=budget&errors=class')
  })
})

it('a bin holds its lower edge, and its upper one at the end of the scale', () => {
  expect(binAsked('score', 0.3, 0.35)).toEqual({ score_from: 0.3, score_below: 0.35 })
  expect(binAsked('iou', 0.95, 1)).toEqual({ iou_from: 0.95, iou_to: 1 })
})

it('a part narrows what is narrowed already', () => {
  expect(narrowed('', 'a = 1')).toBe('a = 1')
  expect(narrowed('b = 2 or c = 3', 'a = 1')).toBe('(b = 2 or c = 3) and (a = 1)')
})
