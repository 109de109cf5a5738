import { describe, expect, it } from 'vitest'
import type { EpochMetrics } from '../api/types'
import { curveRows, curvesOf, groupOf, shortName } from './curves'

const epochs: EpochMetrics[] = [
  { epoch: 1, seconds: 3, metrics: { box_loss: 2, cls_loss: 3, lr: 0.001 } },
  { epoch: 2, seconds: 3, metrics: { box_loss: 1.5, cls_loss: 2, lr: 0.002, mAP: 0.1 } },
]

describe('curves', () => {
  it('are sorted into losses, figures and rate', () => {
    expect(groupOf('box_loss')).toBe('loss')
    expect(groupOf('lr')).toBe('rate')
    expect(groupOf('mAP50')).toBe('figures')
  })

  it('hold a point per epoch that has the value', () => {
    expect(curvesOf(epochs, 'loss')).toEqual([
      {
        name: 'box_loss',
        points: [
          [1, 2],
          [2, 1.5],
        ],
      },
      {
        name: 'cls_loss',
        points: [
          [1, 3],
          [2, 2],
        ],
      },
    ])
    expect(curvesOf(epochs, 'figures')).toEqual([{ name: 'mAP', points: [[2, 0.1]] }])
    expect(curvesOf([], 'loss')).toEqual([])
  })

  it('become a table with gaps where there is no value', () => {
    const curves = [...curvesOf(epochs, 'figures'), ...curvesOf(epochs, 'rate')]
    expect(curveRows(curves)).toEqual([
      ['epoch', 'mAP', 'lr'],
      [1, null, 0.001],
      [2, 0.1, 0.002],
    ])
  })

  it('are named without dressing', () => {
    expect(shortName('metrics/mAP50-95(B)')).toBe('mAP50-95')
    expect(shortName('train/box_loss')).toBe('box')
  })
})
