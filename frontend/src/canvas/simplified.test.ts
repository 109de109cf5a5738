import { expect, it } from 'vitest'
import type { Ring } from './mask'
import { simplified } from './simplified'

const rows: [string, Ring, number, Ring][] = [
  [
    'leaves out what lies on a line',
    [
      [0, 0],
      [5, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 5],
    ],
    0.1,
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ],
  ],
  [
    'keeps what sticks out further than allowed',
    [
      [0, 0],
      [5, 0.5],
      [10, 0],
      [5, 10],
    ],
    0.4,
    [
      [0, 0],
      [5, 0.5],
      [10, 0],
      [5, 10],
    ],
  ],
  [
    'keeps a ring that is thinner than allowed',
    [
      [0, 0],
      [5, 0.1],
      [10, 0],
      [5, -0.1],
    ],
    1,
    [
      [0, 0],
      [5, 0.1],
      [10, 0],
      [5, -0.1],
    ],
  ],
]
it.each(rows)('%s', (_name, ring, tolerance, expected) => {
  expect(simplified(ring, tolerance)).toEqual(expected)
})
