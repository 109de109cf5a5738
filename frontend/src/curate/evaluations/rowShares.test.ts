import { expect, test } from 'vitest'
import { rowShares } from './rowShares'

test('rows are shared out by their own sum, empty ones stay empty', () => {
  expect(rowShares([[3, 1], [0, 0]])).toEqual([[0.75, 0.25], [0, 0]]) // biome-ignore format: a matrix
})
