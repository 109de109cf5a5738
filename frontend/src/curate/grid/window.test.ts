import { describe, expect, it } from 'vitest'
import { barHeight, held, rowsNear, scaleOf, TALLEST, toBar, toList, topFor } from './window'

describe('rowsNear', () => {
  const rows: [number, number, number, number, [number, number]][] = [
    [0, 300, 100, 50, [0, 6]],
    [1000, 300, 100, 50, [7, 16]],
    [4700, 300, 100, 50, [44, 50]],
    [0, 300, 100, 2, [0, 2]],
    [0, 0, 100, 0, [0, 0]],
  ]
  it.each(rows)('at %i of %i px', (top, sight, height, count, expected) => {
    expect(rowsNear(top, sight, height, count)).toEqual(expected)
  })
})

describe('a list that is taller than a browser can draw', () => {
  const sizes = { total: 40_000_000, sight: 800 }
  it('has a shorter scroll bar that reaches both ends', () => {
    expect(barHeight(sizes)).toBe(TALLEST)
    expect(toList(0, sizes)).toBe(0)
    expect(toList(TALLEST - sizes.sight, sizes)).toBeCloseTo(sizes.total - sizes.sight)
    expect(toList(toBar(12_345_678, sizes), sizes)).toBeCloseTo(12_345_678)
  })
  it('is left alone where it is short enough', () => {
    expect(scaleOf({ total: 5_000, sight: 800 })).toBe(1)
    expect(barHeight({ total: 5_000, sight: 800 })).toBe(5_000)
  })
})

it('moves as little as it takes to show a row', () => {
  expect(topFor(5, 100, 0, 1000)).toBe(0)
  expect(topFor(12, 100, 0, 1000)).toBe(300)
  expect(topFor(2, 100, 500, 1000)).toBe(200)
  expect(held(99_999, { total: 1_000, sight: 300 })).toBe(700)
  expect(held(-5, { total: 100, sight: 300 })).toBe(0)
})
