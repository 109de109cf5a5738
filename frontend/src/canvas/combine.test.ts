import { describe, expect, it } from 'vitest'
import { areaOf, signedArea, surrounded, united, without } from './combine'
import type { Pair, Polygon, Ring } from './shape'

const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
]
const polygon = (...rings: Ring[]): Polygon => ({
  kind: 'polygon',
  parts: [rings.map((ring) => ring.map(([x, y]): [number, number] => [x, y]))],
})
/** Square pixels, holes taken off. */
const covered = (shape: Polygon | null): number =>
  (shape?.parts ?? []).reduce(
    (sum, [outline, ...holes]) =>
      sum + areaOf(outline ?? []) - holes.reduce((all, one) => all + areaOf(one), 0),
    0,
  )

describe('polygons', () => {
  it('are put together, and what both cover counts once', () => {
    const both = united(polygon(square(0, 0, 10)), polygon(square(5, 0, 10)))
    expect(covered(both)).toBe(150)
    expect(both?.parts).toHaveLength(1)
  })

  it('stay two parts where they do not touch', () => {
    expect(united(polygon(square(0, 0, 10)), polygon(square(20, 0, 10)))?.parts).toHaveLength(2)
  })

  it('get a hole where something inside is cut out', () => {
    const ring = without(polygon(square(0, 0, 10)), polygon(square(3, 3, 4)))
    expect(ring?.parts.map((part) => part.length)).toEqual([2])
    expect(covered(ring)).toBe(84)
  })

  it('fall into two where something across is cut out, and are gone where all is', () => {
    const bar = polygon([
      [4, -1],
      [6, -1],
      [6, 11],
      [4, 11],
    ])
    expect(without(polygon(square(0, 0, 10)), bar)?.parts).toHaveLength(2)
    expect(without(polygon(square(0, 0, 10)), polygon(square(-1, -1, 20)))).toBeNull()
  })
})

describe('an outline drawn by hand', () => {
  it('that crosses itself comes apart where it does', () => {
    const eight: Pair[] = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
    ]
    expect(surrounded(eight)?.parts).toHaveLength(2)
    expect(covered(surrounded(eight))).toBe(50)
  })

  it('of two points, or on one line, is nothing', () => {
    expect(
      surrounded([
        [0, 0],
        [5, 5],
      ]),
    ).toBeNull()
    expect(
      surrounded([
        [0, 0],
        [5, 5],
        [9, 9],
      ]),
    ).toBeNull()
  })
})

it('is clockwise as one sees the image where the area is positive', () => {
  expect(signedArea(square(0, 0, 2))).toBe(4)
  expect(signedArea([...square(0, 0, 2)].reverse())).toBe(-4)
})
