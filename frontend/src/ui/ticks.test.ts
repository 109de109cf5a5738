import { expect, test } from 'vitest'
import { ticks } from './ticks'

test.each([
  [-0.04, 0.11, 6, [0, 0.05, 0.1]],
  [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [2, 2, 5, [2]],
])('round steps from %d to %d', (low, high, wanted, expected) => {
  expect(ticks(low, high, wanted).map((n) => Number(n.toFixed(9)))).toEqual(expected)
})
