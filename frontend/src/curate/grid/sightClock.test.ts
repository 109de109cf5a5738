import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Sight, SightClock } from './sightClock'

let told: Sight[]
let clock: SightClock
beforeEach(() => {
  vi.useFakeTimers()
  vi.advanceTimersByTime(10_000)
  told = []
  clock = new SightClock((sight) => told.push(sight))
})
afterEach(() => {
  clock.stop()
  vi.useRealTimers()
})

describe('SightClock', () => {
  it('tells at once where one scrolls on', () => {
    clock.show(5, 25)
    expect(told).toEqual([{ first: 5, end: 25 }])
  })
  it('does not tell every row, but always the last', () => {
    for (let row = 1; row <= 5; row += 1) clock.show(row * 5, row * 5 + 20)
    expect(told).toHaveLength(1)
    vi.advanceTimersByTime(200)
    expect(told.at(-1)).toEqual({ first: 25, end: 45 })
  })
  it('waits for a rest where one drags far', () => {
    for (let stop = 1; stop <= 50; stop += 1) {
      clock.show(stop * 2_000, stop * 2_000 + 20)
      vi.advanceTimersByTime(30)
    }
    expect(told).toEqual([])
    vi.advanceTimersByTime(100)
    expect(told).toEqual([{ first: 100_000, end: 100_020 }])
  })
})
