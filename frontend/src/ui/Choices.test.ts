import { expect, it } from 'vitest'
import { placeOf } from './Choices'

const poses = ['front', 'back', 'flank'].map((text) => ({ value: text, text }))

it('understands digits, first letters, arrows and Delete', () => {
  expect(placeOf('2', poses, -1)).toBe(1)
  expect(placeOf('4', poses, -1)).toBeNull()
  expect(placeOf('b', poses, -1)).toBe(1)
  expect(placeOf('f', poses, -1)).toBe(0)
  expect(placeOf('f', poses, 0)).toBe(2)
  expect(placeOf('F', poses, 2)).toBe(0)
  expect(placeOf('ArrowRight', poses, -1)).toBe(0)
  expect(placeOf('ArrowLeft', poses, 0)).toBe(2)
  expect(placeOf('Delete', poses, 1)).toBe(-1)
  expect(placeOf('x', poses, 0)).toBeNull()
  expect(placeOf('Tab', poses, 0)).toBeNull()
})
