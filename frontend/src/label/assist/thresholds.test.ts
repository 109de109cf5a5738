import { expect, it } from 'vitest'
import { boxesAt, boxesOf, type PrelabelClass, STEPS, stepOf, thresholdsOf } from './thresholds'

/** Scores .12, .37, .62: so many from 0, .05 … .95 on. */
const counts = Array.from(
  { length: STEPS },
  (_, step) => [0.12, 0.37, 0.62].filter((one) => one >= step / STEPS).length,
)
const car: PrelabelClass = { class_id: 1, counts, threshold: 0.37, known: true }
const rider: PrelabelClass = { class_id: 2, counts, threshold: 0.5, known: false }

it('begins at the step nearest to the best threshold, and counts what is written from there', () => {
  expect(stepOf(car, new Map())).toBe(7) // .35
  expect(boxesAt(car, 7)).toBe(2)
  expect(boxesOf([car, rider], new Map())).toBe(3) // and one from .5 on
})

it('follows what was chosen; at the end of the slider none is written', () => {
  const chosen = new Map([
    [1, 0],
    [2, STEPS],
  ])
  expect(boxesOf([car, rider], chosen)).toBe(3)
  expect(thresholdsOf([car, rider], chosen)).toEqual([
    { class_id: 1, threshold: 0 },
    { class_id: 2, threshold: 1.01 },
  ])
})
