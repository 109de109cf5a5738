import { expect, test } from 'vitest'
import type { Suggestion } from '../../api/types'
import { viewOf } from './view'

const image = { id: 1, key: 'a', thumb: '', width: 400, height: 300 } as Suggestion['image']
const at = (...box: [number, number, number, number]) => ({ class_id: 1, box })

test('it shows the box in the middle, with as much again around it', () => {
  const view = viewOf({ image, given: at(100, 100, 200, 150), proposed: null }, 0.5)
  expect(view).toEqual([50, 75, 250, 175])
})

test('both boxes are inside', () => {
  const [x1, y1, x2, y2] = viewOf(
    { image, given: at(100, 100, 120, 110), proposed: at(140, 120, 180, 160) },
    1,
  )
  expect(x1).toBeLessThan(100)
  expect(y1).toBeLessThan(100)
  expect(x2).toBeGreaterThan(180)
  expect(y2).toBeGreaterThan(160)
})

test('it stays inside the image', () => {
  const view = viewOf({ image, given: at(0, 0, 10, 10), proposed: null }, 1)
  expect(view).toEqual([0, 0, 48, 48])
})

test('a box as large as the image shows the image', () => {
  expect(viewOf({ image, given: at(0, 0, 400, 300), proposed: null }, 0.75)).toEqual([0, 0, 400, 300])
})
