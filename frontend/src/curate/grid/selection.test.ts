import { describe, expect, it } from 'vitest'
import {
  countOf,
  extendTo,
  hasGap,
  isSelected,
  NOTHING,
  onlyOne,
  selectAll,
  selectOnly,
  toggle,
  withAll,
} from './selection'

const idAt = (index: number) => 100 + index

describe('selection', () => {
  it('takes one', () => {
    const one = selectOnly(7, 3)
    expect(isSelected(one, 7)).toBe(true)
    expect(isSelected(one, 8)).toBe(false)
    expect(onlyOne(one)).toBe(7)
    expect(countOf(one, 50)).toBe(1)
  })
  it('adds and takes away', () => {
    const two = toggle(selectOnly(7, 3), 8, 4)
    expect(countOf(two, 50)).toBe(2)
    expect(onlyOne(two)).toBeNull()
    expect(onlyOne(toggle(two, 7, 3))).toBe(8)
  })
  it('takes in what one drags over, also of all but some', () => {
    expect([...withAll(selectOnly(7, 3), [8, 9, 7]).ids]).toEqual([7, 8, 9])
    const allButTwo = toggle(toggle(selectAll(NOTHING), 7, 3), 8, 4)
    expect(countOf(withAll(allButTwo, [8]), 50)).toBe(49)
  })
  it('extends from the anchor, both ways, and shrinks again', () => {
    const start = selectOnly(105, 5)
    const down = extendTo(start, 8, idAt)
    expect([...down.ids]).toEqual([105, 106, 107, 108])
    expect([...extendTo(down, 4, idAt).ids]).toEqual([104, 105])
  })
  it('starts at the cell itself where there is no anchor', () => {
    expect([...extendTo(NOTHING, 2, idAt).ids]).toEqual([102])
  })
  it('knows when it would pass what has not been loaded', () => {
    const partly = (index: number) => (index === 7 ? undefined : idAt(index))
    expect(hasGap(selectOnly(105, 5), 8, partly)).toBe(true)
    expect(hasGap(selectOnly(105, 5), 6, partly)).toBe(false)
    expect([...extendTo(selectOnly(105, 5), 8, partly).ids]).toEqual([105, 106, 108])
  })
  it('holds all that match without listing them, but for some', () => {
    const most = toggle(selectAll(NOTHING), 9, 0)
    expect(countOf(most, 100_000)).toBe(99_999)
    expect(isSelected(most, 9)).toBe(false)
    expect(isSelected(most, 10)).toBe(true)
    expect(onlyOne(most)).toBeNull()
  })
})
