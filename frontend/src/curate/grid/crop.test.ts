import { describe, expect, it } from 'vitest'
import { cropAddress, placed, sourceOf } from './crop'

const image = { width: 1280, height: 720 }

describe('sourceOf', () => {
  const rows: [string, [number, number, number, number], number, object][] = [
    ['a large object from a small thumbnail', [0, 0, 720, 720], 90, { kind: 'thumbnail', size: 160 }],
    ['a large object in a large cell', [0, 0, 720, 720], 300, { kind: 'thumbnail', size: 640 }],
    ['a small object cut out of the image', [0, 0, 150, 150], 200, { kind: 'crop', size: 160 }],
    ['no sharper than the image is', [0, 0, 48, 48], 400, { kind: 'crop', size: 160 }],
    ['a large cell', [0, 0, 400, 400], 400, { kind: 'crop', size: 320 }],
  ]
  it.each(rows)('%s', (_, region, pixels, expected) => {
    expect(sourceOf(region, image, pixels)).toEqual(expected)
  })
  it('takes the thumbnail of an image that is small itself', () => {
    expect(sourceOf([0, 0, 100, 100], { width: 200, height: 150 }, 200)).toEqual({
      kind: 'thumbnail',
      size: 160,
    })
  })
})

it('places the image so that the region fills the cell', () => {
  const view = placed([100, 200, 200, 300], image, { width: 150, height: 150 })
  expect(view).toMatchObject({ scale: 1.5, x: -150, y: -300 })
  const low = placed([0, 0, 100, 50], image, { width: 100, height: 100 })
  expect(low).toMatchObject({ scale: 1, x: 0, y: 25 })
  expect(cropAddress('/a?v=1', 160)).toBe('/a?v=1&size=160')
})
