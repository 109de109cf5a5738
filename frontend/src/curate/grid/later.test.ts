import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Later } from './later'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('does in a frame what fits into it, in the order asked, and the rest in the next', () => {
  const [later, done] = [new Later(), [] as number[]]
  const slow = (name: number) => () => {
    done.push(name)
    vi.setSystemTime(Date.now() + 4)
    vi.spyOn(performance, 'now').mockReturnValue(Date.now())
  }
  vi.spyOn(performance, 'now').mockReturnValue(Date.now())
  for (const name of [1, 2, 3]) later.ask(slow(name))
  expect(done).toEqual([])
  vi.advanceTimersToNextFrame()
  expect(done).toEqual([1, 2])
  vi.advanceTimersToNextFrame()
  expect(done).toEqual([1, 2, 3])
  vi.restoreAllMocks()
})

it('leaves out what was taken back', () => {
  const [later, work] = [new Later(), vi.fn()]
  later.ask(work)()
  vi.advanceTimersToNextFrame()
  expect(work).not.toHaveBeenCalled()
})
