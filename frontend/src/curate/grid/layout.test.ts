import { describe, expect, it } from 'vitest'
import {
  aspectOf,
  cellsIn,
  cellsOfRow,
  clampSize,
  layoutOf,
  SIZES,
  sizeAfter,
  stepTo,
  thumbnailFor,
} from './layout'

describe('layoutOf', () => {
  it('fills the width with cells near the wished size', () => {
    const layout = layoutOf({ width: 1000, size: 200, aspect: 16 / 9, count: 12 })
    expect(layout.columns).toBe(5)
    expect(layout.cellWidth * 5 + 4 * 4).toBeCloseTo(1000)
    expect(layout.cellHeight).toBe(111)
    expect(layout.rows).toBe(3)
    expect(layout.height).toBe(3 * 115 - 4)
  })
  it('has one column where there is no room for more', () => {
    expect(layoutOf({ width: 60, size: 200, aspect: 1, count: 3 }).columns).toBe(1)
  })
  it('is empty without images', () => {
    expect(layoutOf({ width: 1000, size: 200, aspect: 1, count: 0 })).toMatchObject({ rows: 0, height: 0 })
  })
  it('knows the height of a hundred thousand', () => {
    const layout = layoutOf({ width: 1000, size: 200, aspect: 1, count: 100_000 })
    expect(layout.rows).toBe(20_000)
    expect(cellsOfRow(layout, 19_999, 100_000)).toEqual([99_995, 100_000])
  })
  it('gives the last row what is left', () => {
    const layout = layoutOf({ width: 1000, size: 200, aspect: 1, count: 7 })
    expect(cellsOfRow(layout, 1, 7)).toEqual([5, 7])
    expect(cellsOfRow(layout, 2, 7)).toEqual([7, 7])
  })
})

describe('cellsIn', () => {
  const layout = layoutOf({ width: 1000, size: 200, aspect: 1, count: 12 }) // 5 columns of about 197 pixels
  const rows: [string, [number, number, number, number], number[]][] = [
    ['a point in a cell', [10, 10, 10, 10], [0]],
    ['two cells in each direction', [150, 150, 250, 250], [0, 1, 5, 6]],
    ['only a gap', [197.5, 10, 199, 10], []],
    ['the end of the last row', [0, 450, 2000, 2000], [10, 11]],
    ['nothing above the list', [0, -50, 100, -10], []],
  ]
  it.each(rows)('%s', (_, [left, top, right, bottom], expected) => {
    expect(cellsIn(layout, { left, top, right, bottom }, 12)).toEqual(expected)
  })
})

describe('sizes', () => {
  it('stay within reason', () => {
    expect(clampSize(1)).toBe(SIZES.least)
    expect(clampSize(9_999)).toBe(SIZES.most)
    expect(sizeAfter(200, 1)).toBe(230)
    expect(sizeAfter(SIZES.most, 5)).toBe(SIZES.most)
  })
  it('follow the middle image', () => {
    const wide = { width: 1280, height: 720 }
    expect(aspectOf([wide, wide, { width: 10, height: 1000 }])).toBeCloseTo(16 / 9)
    expect(aspectOf([])).toBeCloseTo(4 / 3)
    expect(aspectOf([{ width: 10, height: 1000 }])).toBe(0.75)
    expect(aspectOf([{ width: 0, height: 0 }])).toBeCloseTo(4 / 3)
  })
})

describe('stepTo', () => {
  const layout = layoutOf({ width: 1000, size: 200, aspect: 1, count: 12 })
  const rows: [string, number, number][] = [
    ['arrowright', 0, 1],
    ['arrowleft', 0, 0],
    ['arrowright', 11, 11],
    ['arrowdown', 1, 6],
    ['arrowdown', 9, 11],
    ['arrowdown', 11, 11],
    ['arrowup', 1, 1],
    ['arrowup', 8, 3],
    ['pagedown', 1, 11],
    ['pageup', 11, 1],
    ['home', 7, 0],
    ['end', 0, 11],
    ['arrowdown', -1, 0],
  ]
  it.each(rows)('%s from %i leads to %i', (key, from, to) => {
    expect(stepTo(key, from, layout, 12, 3)).toBe(to)
  })
  it('is nothing for other keys and for an empty grid', () => {
    expect(stepTo('x', 0, layout, 12, 3)).toBeNull()
    expect(stepTo('end', -1, layout, 0, 3)).toBeNull()
  })
})

describe('thumbnailFor', () => {
  it('takes the least size that is sharp', () => {
    expect(thumbnailFor('/api/v1/images/1/thumbnail?size=320&v=ab', 150)).toBe(
      '/api/v1/images/1/thumbnail?size=160&v=ab',
    )
    expect(thumbnailFor('/t?v=ab', 300)).toBe('/t?v=ab&size=320')
    expect(thumbnailFor('/t', 2_000)).toBe('/t?size=640')
  })
})
