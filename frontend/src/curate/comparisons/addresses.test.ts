import { describe, expect, it } from 'vitest'
import { cellAddress, changedAddress, imagesAddress } from './addresses'

const comparison = { id: 3, dataset: 7, pair: { a: 12, b: 15 } }

describe('the way to what a comparison counts', () => {
  it('leads to the later evaluation, and of what has gone to the earlier', () => {
    expect(changedAddress(comparison, 'fixed')).toBe(
      '/datasets/7?view=objects&evaluation=15&comparison=3&changed=fixed',
    )
    expect(changedAddress(comparison, 'fp_gone', 4)).toBe(
      '/datasets/7?view=objects&evaluation=12&comparison=3&changed=fp_gone&classes=4',
    )
  })
  it('leads to the boxes of a cell, missed and background too', () => {
    expect(cellAddress(comparison, 'a', 4, 5)).toContain('evaluation=12&comparison=3&cell=4%3A5')
    expect(cellAddress(comparison, 'b', 4, null)).toContain('cell=4%3A0')
    expect(cellAddress(comparison, 'b', null, 5)).toContain('cell=0%3A5')
  })
  it('leads to images by the query line', () => {
    expect(imagesAddress(comparison, 'worsened')).toBe(
      '/datasets/7?q=worsened%28comparison+%3D+3%29&evaluation=15',
    )
  })
})
