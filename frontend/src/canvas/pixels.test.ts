import { describe, expect, it } from 'vitest'
import { areaOf } from './combine'
import { countsOf } from './mask'
import { maskOf, paintStroke, pixelsOfShape, textOf } from './pixels'
import { type FinerShape, type Polygon, ringsOf } from './shape'
import { hullOf, simplifiedPolygon, toMask, toPolygon, toTurned } from './shapeKinds'

const image = { width: 6, height: 4 }
const rows = (pixels: Uint8Array) =>
  Array.from({ length: image.height }, (_, y) =>
    pixels.slice(y * image.width, (y + 1) * image.width).join(''),
  )

describe('pixels of a shape', () => {
  it('are those whose middle it surrounds', () => {
    const shape: Polygon = {
      kind: 'polygon',
      parts: [
        [
          [
            [1, 1],
            [4.4, 1],
            [4.4, 3],
            [1, 3],
          ],
        ],
      ],
    }
    expect(rows(pixelsOfShape(shape, image))).toEqual(['000000', '011100', '011100', '000000'])
  })

  it('leave a hole out', () => {
    const outline: [number, number][] = [
      [0, 0],
      [6, 0],
      [6, 4],
      [0, 4],
    ]
    const hole: [number, number][] = [
      [1, 1],
      [3, 1],
      [3, 3],
      [1, 3],
    ]
    expect(rows(pixelsOfShape({ kind: 'polygon', parts: [[outline, hole]] }, image))).toEqual([
      '111111',
      '100111',
      '100111',
      '111111',
    ])
  })
})

describe('a mask', () => {
  it('comes back as it was', () => {
    const pixels = Uint8Array.from('010010111000000111011101'.split('').map(Number))
    const mask = maskOf(pixels, image)
    expect(mask?.size).toEqual([4, 6])
    expect(rows(pixelsOfShape(mask as FinerShape, image))).toEqual(rows(pixels))
  })

  it('without a pixel is none', () => {
    expect(maskOf(new Uint8Array(24), image)).toBeNull()
  })

  /** Worked by hand: 6 is "6"; 33 is 1 and 1 more (Q1); from the fourth on the difference to the one before the last. */
  it('has the letters of COCO', () => {
    expect(textOf([6, 1, 33])).toBe('61Q1')
    expect(countsOf(textOf([6, 1, 40, 4, 5, 70]))).toEqual([6, 1, 40, 4, 5, 70])
    expect(countsOf(textOf([0, 5, 3, 1000, 2, 1]))).toEqual([0, 5, 3, 1000, 2, 1])
  })
})

describe('a stroke', () => {
  it('sets what lies within its radius, and takes it away again', () => {
    const pixels = new Uint8Array(24)
    paintStroke(
      pixels,
      image,
      [
        { x: 1.5, y: 1.5 },
        { x: 4.5, y: 1.5 },
      ],
      1,
      1,
    )
    expect(rows(pixels)).toEqual(['011110', '111111', '011110', '000000'])
    paintStroke(pixels, image, [{ x: 1.5, y: 1.5 }], 0.6, 0)
    expect(rows(pixels)).toEqual(['011110', '101111', '011110', '000000'])
  })

  it('goes no further than the image', () => {
    const pixels = new Uint8Array(24)
    paintStroke(pixels, image, [{ x: 0, y: 0 }], 1.2, 1)
    expect(rows(pixels)).toEqual(['100000', '000000', '000000', '000000'])
  })
})

describe('another kind of the same', () => {
  const box = [1, 1, 5, 3] as const

  it('is four corners, eight pixels or an angle of nothing for a box', () => {
    expect(toPolygon({ box }).parts).toEqual([
      [
        [
          [1, 1],
          [5, 1],
          [5, 3],
          [1, 3],
        ],
      ],
    ])
    expect(rows(pixelsOfShape(toMask({ box }, image) as FinerShape, image))).toEqual([
      '000000',
      '011110',
      '011110',
      '000000',
    ])
    expect(toTurned({ box })).toEqual({ kind: 'turned', centre: [3, 2], size: [4, 2], angle: 0 })
  })

  it('is an outline with its hole for a mask', () => {
    const mask = maskOf(Uint8Array.from('111000101000111000000000'.split('').map(Number)), image)
    const [part] = toPolygon({ box, shape: mask }).parts
    expect(part?.map((ring) => areaOf(ring))).toEqual([9, 1])
  })

  it('is the smallest turned box around a polygon', () => {
    const diamond: Polygon = {
      kind: 'polygon',
      parts: [
        [
          [
            [20, 10],
            [40, 30],
            [30, 40],
            [10, 20],
          ],
        ],
      ],
    }
    const found = toTurned({ box: [10, 10, 40, 40], shape: diamond })
    expect(found.centre).toEqual([25, 25])
    expect(found.angle).toBe(45)
    expect(found.size.map((side) => Math.round(side * 100) / 100)).toEqual([28.28, 14.14])
  })
})

it('leaves out what lies within the tolerance of a line', () => {
  const ring: [number, number][] = [
    [0, 0],
    [5, 0.3],
    [10, 0],
    [10, 10],
    [0, 10],
  ]
  const simple = simplifiedPolygon({ kind: 'polygon', parts: [[ring]] }, 0.5)
  expect(ringsOf(simple)[0]).toHaveLength(4)
  expect(ringsOf(simplifiedPolygon({ kind: 'polygon', parts: [[ring]] }, 0.1))[0]).toHaveLength(5)
})

it('has no point inside of the outline around all', () => {
  expect(
    hullOf([
      [0, 0],
      [4, 0],
      [2, 1],
      [4, 4],
      [0, 4],
    ]),
  ).toHaveLength(4)
})
