import { describe, expect, it } from 'vitest'
import { scrolledTo, visibleRows } from './visibleRows'

describe('visibleRows', () => {
  it('draws what is seen and a little around it', () => {
    expect(visibleRows(10_000, 26, 26_000, 520)).toEqual({ first: 988, end: 1048 })
    expect(visibleRows(10_000, 26, 26_000, 2_600)).toEqual({ first: 988, end: 1112 })
  })
  it('stays inside a short list and at both ends of a long one', () => {
    expect(visibleRows(3, 26, 0, 520)).toEqual({ first: 0, end: 3 })
    expect(visibleRows(0, 26, 0, 0)).toEqual({ first: 0, end: 0 })
    expect(visibleRows(10_000, 26, 0, 0)).toEqual({ first: 0, end: 60 })
    expect(visibleRows(100, 26, 9_999, 520)).toEqual({ first: 40, end: 100 })
  })
  it('scrolls only as far as a row asks', () => {
    expect(scrolledTo(2, 26, 0, 260)).toBe(0)
    expect(scrolledTo(20, 26, 0, 260)).toBe(286)
    expect(scrolledTo(3, 26, 260, 260)).toBe(78)
  })
})
