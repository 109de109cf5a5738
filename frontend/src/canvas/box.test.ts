import { describe, expect, it } from 'vitest'
import {
  clipped,
  distanceToOutline,
  HANDLES,
  handleAfterFlip,
  handlePoint,
  iou,
  movedBy,
  resizedTo,
  type Xyxy,
} from './box'

const image = { width: 100, height: 50 }

describe('clipped', () => {
  const rows: [string, Xyxy, Xyxy][] = [
    ['orders the corners', [30, 40, 10, 20], [10, 20, 30, 40]],
    ['cuts what is outside the image', [-5, -5, 200, 200], [0, 0, 100, 50]],
    ['gives an empty box one pixel', [10, 10, 10, 10], [10, 10, 11, 11]],
    ['keeps that pixel inside at the far border', [100, 50, 100, 50], [99, 49, 100, 50]],
    ['brings a box from far outside to the border', [150, 10, 180, 20], [99, 10, 100, 20]],
  ]
  it.each(rows)('%s', (_name, box, expected) => {
    expect(clipped(box, image)).toEqual(expected)
  })
  it('fills an image that is thinner than a pixel', () => {
    expect(clipped([0, 0, 0, 0], { width: 0.5, height: 0.5 })).toEqual([0, 0, 0.5, 0.5])
  })
})

describe('movedBy', () => {
  it('keeps the size and stops at the border', () => {
    expect(movedBy([10, 10, 30, 20], 500, -500, image)).toEqual([80, 0, 100, 10])
  })
})

describe('resizedTo', () => {
  const box: Xyxy = [20, 10, 40, 30]
  it.each(HANDLES)('moves only the edges of handle %s', (handle) => {
    const held = handlePoint(box, handle)
    const next = resizedTo(box, handle, { x: held.x + 3, y: held.y + 3 }, image)
    expect(next).toEqual([
      box[0] + (handle.includes('w') ? 3 : 0),
      box[1] + (handle.includes('n') ? 3 : 0),
      box[2] + (handle.includes('e') ? 3 : 0),
      box[3] + (handle.includes('s') ? 3 : 0),
    ])
  })

  const flips: [string, Parameters<typeof resizedTo>[1], { x: number; y: number }, Xyxy][] = [
    ['left edge past the right', 'w', { x: 60, y: 0 }, [40, 10, 60, 30]],
    ['right edge past the left', 'e', { x: 5, y: 0 }, [5, 10, 20, 30]],
    ['top edge past the bottom', 'n', { x: 0, y: 45 }, [20, 30, 40, 45]],
    ['bottom edge past the top', 's', { x: 0, y: 2 }, [20, 2, 40, 10]],
    ['corner through both', 'nw', { x: 55, y: 44 }, [40, 30, 55, 44]],
    ['corner through one', 'se', { x: 5, y: 40 }, [5, 10, 20, 40]],
  ]
  it.each(flips)('turns over: %s', (_name, handle, to, expected) => {
    expect(resizedTo(box, handle, to, image)).toEqual(expected)
  })

  it('clips at the image', () => {
    expect(resizedTo(box, 'se', { x: 500, y: 500 }, image)).toEqual([20, 10, 100, 50])
  })
  it('never gets thinner than a pixel, and the standing edge stands', () => {
    expect(resizedTo(box, 'w', { x: 40, y: 0 }, image)).toEqual([39, 10, 40, 30])
    expect(resizedTo(box, 'w', { x: 40.2, y: 0 }, image)).toEqual([40, 10, 41, 30])
    expect(resizedTo(box, 'e', { x: 20.4, y: 0 }, image)).toEqual([20, 10, 21, 30])
  })
  it('grows inwards where the image ends', () => {
    expect(resizedTo([90, 10, 100, 30], 'w', { x: 130, y: 0 }, image)).toEqual([99, 10, 100, 30])
  })
})

describe('handleAfterFlip', () => {
  it('names the handle that is now under the pointer', () => {
    expect(handleAfterFlip('nw', { x: 40, y: 30 }, { x: 55, y: 10 })).toBe('ne')
    expect(handleAfterFlip('n', { x: 40, y: 30 }, { x: 0, y: 45 })).toBe('s')
    expect(handleAfterFlip('e', { x: 20, y: 0 }, { x: 5, y: 99 })).toBe('w')
  })
})

describe('iou', () => {
  it('is the shared part of the union', () => {
    expect(iou([0, 0, 10, 10], [5, 0, 15, 10])).toBeCloseTo(50 / 150)
    expect(iou([0, 0, 10, 10], [10, 0, 20, 10])).toBe(0)
    expect(iou([0, 0, 10, 10], [0, 0, 10, 10])).toBe(1)
  })
})

describe('distanceToOutline', () => {
  it('measures from inside and from outside', () => {
    expect(distanceToOutline([0, 0, 10, 10], { x: 3, y: 5 })).toBe(3)
    expect(distanceToOutline([0, 0, 10, 10], { x: 13, y: 14 })).toBe(5)
  })
})
