import { expect, it } from 'vitest'
import type { DatasetClass } from '../../api/types'
import { recallLines } from './curves'

const car = { id: 3, name: 'car', colour: '#4e9af1' } as DatasetClass
const curve = { AP: 0.3, precision: [1, 0.5, 0], score: [0.9, 0.4, 0] }

it('a curve ends at the highest recall that is reached', () => {
  const lines = recallLines(
    {
      recall: [0, 0.5, 1],
      mean: { AP: 0.3, precision: [1, 0.5, 0] },
      classes: [
        { class_id: 3, ...curve },
        { class_id: 4, ...curve, precision: [null, null, null], score: [null, null, null] },
        { class_id: 9, ...curve },
      ],
    },
    new Map([[3, car]]),
  )
  expect(lines).toEqual([
    {
      of: car,
      points: [
        [0, 1, 0.9],
        [0.5, 0.5, 0.4],
      ],
    },
  ])
})
