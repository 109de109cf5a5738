import { describe, expect, it } from 'vitest'
import { type Corner, inside, lassoQuery, MOST_CORNERS, read, simplified, written } from './lasso'

// A square with a notch; the same rows as in tests/science/test_projection.py.
const NOTCHED: Corner[] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [5, 4],
  [0, 10],
]

describe('inside', () => {
  it.each([
    [5, 2, true],
    [5, 6, false],
    [1, 5, true],
    [9, 5, true],
    [11, 5, false],
    [5, 11, false],
    [0, 0, true],
  ])('%i, %i is inside: %s', (x, y, said) => {
    expect(inside({ x: [x], y: [y] }, NOTCHED)[0] === 1).toBe(said)
  })

  it('encloses nothing with two corners', () => {
    expect([...inside({ x: [1], y: [1] }, NOTCHED.slice(0, 2))]).toEqual([0])
  })
})

describe('simplified', () => {
  it('keeps corners and drops what lies between them', () => {
    const line: Corner[] = [
      [0, 0],
      [5, 0],
      [10, 0],
      [10, 5],
      [10, 10],
    ]
    expect(simplified(line, 1)).toEqual([
      [0, 0],
      [10, 0],
      [10, 10],
    ])
  })

  it('never gives more corners than a link can hold', () => {
    const wild = Array.from({ length: 900 }, (_, at): Corner => [at * 40, (at % 2) * 9000 + (at % 7) * 500])
    expect(simplified(wild, 1).length).toBeLessThanOrEqual(MOST_CORNERS)
  })
})

it('is read as it was written', () => {
  expect(read(written(NOTCHED))).toEqual(NOTCHED)
  for (const bad of [undefined, '', '1,2 3,4', '1,2 3,4 x,6', '1,2 3,4 -5,6']) expect(read(bad)).toBeNull()
})

it('becomes a query line', () => {
  expect(lassoQuery('', NOTCHED.slice(0, 3), 4)).toBe('in_lasso("0,0 10,0 10,10", map = 4)')
  expect(lassoQuery('a or b', NOTCHED.slice(0, 3), 4)).toBe(
    '(a or b) and in_lasso("0,0 10,0 10,10", map = 4)',
  )
})
