import { expect, test } from 'vitest'
import { cellQuery, gridAddress, rowShares, ticks, verdictQuery } from './drill'

const car = { name: 'car' }
const light = { name: 'traffic light' }

test.each([
  ['found', car, car, 'tp(car, evaluation = 3)'],
  ['taken for another', car, light, 'fn(car, evaluation = 3, predicted = "traffic light")'],
  ['missed', light, null, 'fn("traffic light", evaluation = 3, predicted = background)'],
  ['nothing labelled there', null, car, 'fp(car, evaluation = 3, truth = background)'],
])('a cell of boxes %s opens exactly these', (_, truth, predicted, line) => {
  expect(cellQuery(3, truth, predicted)).toBe(line)
})

test('all of a verdict', () => {
  expect(verdictQuery('fp', 7)).toBe('fp(*, evaluation = 7)')
})

test('the address carries the line and the evaluation whose verdicts are drawn', () => {
  const url = new URL(gridAddress(2, 'fn("traffic light", evaluation = 3)', 3), 'http://x')
  expect(url.pathname).toBe('/datasets/2')
  expect(url.searchParams.get('q')).toBe('fn("traffic light", evaluation = 3)')
  expect(url.searchParams.get('evaluation')).toBe('3')
})

test('rows are shared out by their own sum, empty ones stay empty', () => {
  expect(rowShares([[3, 1], [0, 0]])).toEqual([[0.75, 0.25], [0, 0]]) // biome-ignore format: a matrix
})

test.each([
  [-0.04, 0.11, 6, [0, 0.05, 0.1]],
  [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [2, 2, 5, [2]],
])('round steps from %d to %d', (low, high, wanted, expected) => {
  expect(ticks(low, high, wanted).map((n) => Number(n.toFixed(9)))).toEqual(expected)
})
