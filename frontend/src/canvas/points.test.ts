import { describe, expect, it } from 'vitest'
import {
  insertPoint,
  middleAfter,
  movePoint,
  nearestEdge,
  nearestPoint,
  removePoint,
  stepPoint,
} from './points'
import type { Polygon } from './shape'

const outline: [number, number][] = [
  [0, 0],
  [20, 0],
  [20, 20],
  [0, 20],
]
const hole: [number, number][] = [
  [5, 5],
  [10, 5],
  [5, 10],
]
const island: [number, number][] = [
  [30, 0],
  [40, 0],
  [40, 10],
]
const shape: Polygon = { kind: 'polygon', parts: [[outline, hole], [island]] }

describe('points', () => {
  it('are moved, in holes and second parts alike', () => {
    expect(movePoint(shape, { ring: 1, at: 2 }, { x: 6.12345, y: 9 }).parts[0]?.[1]?.[2]).toEqual([6.123, 9])
    expect(movePoint(shape, { ring: 2, at: 0 }, { x: 31, y: 1 }).parts[1]?.[0]?.[0]).toEqual([31, 1])
    expect(movePoint(shape, { ring: 2, at: 0 }, { x: 31, y: 1 }).parts[0]).toEqual(shape.parts[0])
  })
  it('are inserted after another, also between the last and the first', () => {
    expect(middleAfter(shape, { ring: 0, at: 3 })).toEqual({ x: 0, y: 10 })
    expect(insertPoint(shape, { ring: 0, at: 3 }, { x: 0, y: 10 }).parts[0]?.[0]).toEqual([
      ...outline,
      [0, 10],
    ])
  })
  it('are removed, down to three in a ring; a hole goes with them, then a part, never the last', () => {
    expect(removePoint(shape, { ring: 0, at: 1 }).parts[0]?.[0]).toHaveLength(3)
    expect(removePoint(shape, { ring: 1, at: 0 }).parts).toEqual([[outline], [island]])
    expect(removePoint(shape, { ring: 2, at: 0 }).parts).toEqual([[outline, hole]])
    const alone: Polygon = { kind: 'polygon', parts: [[island]] }
    expect(removePoint(alone, { ring: 0, at: 0 })).toBe(alone)
  })
  it('are found by what is nearest', () => {
    expect(nearestPoint(shape, { x: 6, y: 6 }, 3)).toEqual({ ring: 1, at: 0 })
    expect(nearestPoint(shape, { x: 15, y: 10 }, 3)).toBeNull()
    expect(nearestEdge(shape, { x: 1, y: 10 }, 3)).toEqual({ ring: 0, at: 3 })
  })
  it('follow one another through all rings', () => {
    expect(stepPoint(shape, null, 1)).toEqual({ ring: 0, at: 0 })
    expect(stepPoint(shape, { ring: 0, at: 3 }, 1)).toEqual({ ring: 1, at: 0 })
    expect(stepPoint(shape, { ring: 0, at: 0 }, -1)).toEqual({ ring: 2, at: 2 })
  })
})
