import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Later } from './later'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('does in a frame what fits into it, in the order asked, and the rest in the next', () => {
  let clock = 0
  const done: number[] = []
  const later = new Later(() => clock)
  for (const name of [1, 2, 3]) {
    later.ask(() => {
      done.push(name)
      clock += 4
    })
  }
  expect(done).toEqual([])
  vi.advanceTimersToNextFrame()
  expect(done).toEqual([1, 2])
  vi.advanceTimersToNextFrame()
  expect(done).toEqual([1, 2, 3])
})

it('leaves out what was taken back', () => {
  const [later, work] = [new Later(), vi.fn()]
  later.ask(work)()
  vi.advanceTimersToNextFrame()
  expect(work).not.toHaveBeenCalled()
})
