import { describe, expect, it } from 'vitest'
import type { FinerShape } from '../api/types'
import { movedShape } from './movedShape'
import { boxAround, distanceToShape, isInside, ringsOf, sameShape, svgPath } from './shape'

const image = { width: 100, height: 80 }
const square = (low: number, high: number): [number, number][] => [
  [low, low],
  [high, low],
  [high, high],
  [low, high],
]
/** A square of 20 with a hole of 10 in it, and a triangle beside it. */
const polygon: FinerShape = {
  kind: 'polygon',
  parts: [
    [square(10, 30), square(15, 25)],
    [
      [
        [40, 10],
        [50, 10],
        [50, 20],
      ],
    ],
  ],
}
const turned: FinerShape = { kind: 'turned', centre: [50, 40], size: [40, 20], angle: 90 }
const mask = (size: [number, number], counts: string): FinerShape => ({ kind: 'mask', size, counts })

describe('the rings of a shape', () => {
  it('are those of all parts of a polygon, made once', () => {
    expect(ringsOf(polygon)).toHaveLength(3)
    expect(ringsOf(polygon)).toBe(ringsOf(polygon))
  })
  it('are the corners of a turned box, clockwise from its own top left', () => {
    const [ring] = ringsOf(turned)
    expect(ring?.map((pair) => pair.map(Math.round))).toEqual([
      [60, 20],
      [60, 60],
      [40, 60],
      [40, 20],
    ])
  })
  // The texts are what the server writes for these pixels.
  const rows: [string, FinerShape, [number, number][][]][] = [
    [
      'three by three pixels with a hole',
      mask([5, 6], ';32NO0124'),
      [
        [
          [2, 1],
          [5, 1],
          [5, 4],
          [2, 4],
        ],
        [
          [4, 2],
          [3, 2],
          [3, 3],
          [4, 3],
        ],
      ],
    ],
    [
      'two pixels that touch at a corner',
      mask([2, 2], '0120'),
      [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
        [
          [1, 1],
          [2, 1],
          [2, 2],
          [1, 2],
        ],
      ],
    ],
    [
      'the whole image',
      mask([3, 4], '0<'),
      [
        [
          [0, 0],
          [4, 0],
          [4, 3],
          [0, 3],
        ],
      ],
    ],
    [
      'runs of letters of several signs',
      mask([400, 300], 'ZRW1l;d00fZ]2'),
      [
        [
          [100, 10],
          [102, 10],
          [102, 390],
          [100, 390],
        ],
      ],
    ],
    ['nothing', mask([3, 4], '<'), []],
  ]
  it.each(rows)('go along the pixels of a mask: %s', (_name, shape, expected) => {
    expect(ringsOf(shape)).toEqual(expected)
  })
})

describe('hits', () => {
  const rows: [string, number, number, boolean, number][] = [
    ['in the ring', 12, 20, true, 2],
    ['in the hole', 20, 20, false, 5],
    ['in the second part', 48, 12, true, 2],
    ['in the box around, but outside', 35, 20, false, 5],
  ]
  it.each(rows)('%s', (_name, x, y, inside, distance) => {
    expect(isInside(polygon, { x, y })).toBe(inside)
    expect(distanceToShape(polygon, { x, y })).toBeCloseTo(distance)
  })
})

describe('the box around', () => {
  it('ends at the image', () => {
    expect(boxAround(polygon, image)).toEqual([10, 10, 50, 30])
    expect(boxAround({ ...polygon, parts: [[square(-5, 200)]] }, image)).toEqual([0, 0, 100, 80])
  })
})

// The numbers are those of science/shapes/moving.py.
describe('a shape whose box goes elsewhere', () => {
  it('is shifted and stretched, where it is a polygon', () => {
    const triangle: FinerShape = {
      kind: 'polygon',
      parts: [
        [
          [
            [10, 10],
            [30, 10],
            [30, 20],
          ],
        ],
      ],
    }
    expect(movedShape(triangle, [10, 10, 30, 20], [0, 0, 10, 20])).toMatchObject({
      parts: [
        [
          [
            [0, 0],
            [10, 0],
            [10, 20],
          ],
        ],
      ],
    })
  })
  it('keeps its angle, where it is turned', () => {
    const box: FinerShape = { ...turned, angle: 30 }
    expect(movedShape(box, [27.68, 21.34, 72.32, 58.66], [10, 20, 100, 80])).toEqual({
      kind: 'turned',
      centre: [55, 50],
      size: [95.887, 13.922],
      angle: 30,
    })
    expect(movedShape({ ...turned, angle: 45 }, [28, 18, 72, 62], [0, 0, 88, 44])).toMatchObject({
      centre: [44, 22],
      size: [56.569, 28.284],
    })
  })
  it('is gone where it is a mask, and as it was where the box is', () => {
    const shape = mask([3, 4], '0<')
    expect(movedShape(shape, [0, 0, 4, 3], [1, 0, 4, 3])).toBeNull()
    expect(movedShape(shape, [0, 0, 4, 3], [0, 0, 4, 3.001])).toBe(shape)
  })
})

describe('sameShape', () => {
  it('sees through noise, not through a point that moved', () => {
    const with1 = (x: number): FinerShape => ({
      ...polygon,
      parts: [[[[x, 10], ...square(10, 30).slice(1)]]],
    })
    expect(sameShape(with1(10), with1(10.001))).toBe(true)
    expect(sameShape(with1(10), with1(10.1))).toBe(false)
    expect(sameShape(polygon, turned)).toBe(false)
    expect(sameShape(null, undefined)).toBe(true)
    expect(sameShape(polygon, null)).toBe(false)
  })
})

it('is a path of SVG', () => {
  expect(svgPath(mask([3, 4], '0<'))).toBe('M0 0L4 0L4 3L0 3Z')
})
