import { describe, expect, it } from 'vitest'
import { afterDeciding, chosen, moved, START } from './cursor'

describe('the cursor of a grid', () => {
  it('stays within the grid', () => {
    expect(moved(START, -1, 5, false)).toEqual({ at: 0, from: 0 })
    expect(moved({ at: 3, from: 3 }, 5, 5, false)).toEqual({ at: 4, from: 4 })
    expect(moved(START, 1, 0, false)).toEqual({ at: 0, from: 0 })
  })

  it('extends from where it began, both ways', () => {
    const two = moved({ at: 2, from: 2 }, 1, 5, true)
    expect(chosen(two)).toEqual([2, 3])
    expect(chosen(moved(moved(two, -1, 5, true), -1, 5, true))).toEqual([1, 2])
  })

  it('goes on to the next that is open', () => {
    const open = (place: number) => place !== 3
    expect(afterDeciding({ at: 2, from: 1 }, open, 6)).toEqual({ at: 4, from: 4 })
    expect(afterDeciding({ at: 5, from: 5 }, open, 6)).toEqual({ at: 5, from: 5 })
  })
})
