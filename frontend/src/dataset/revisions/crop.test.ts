import { describe, expect, it } from 'vitest'
import { around, cropAround } from './crop'

describe('around', () => {
  it('holds all boxes', () => {
    expect(
      around([
        [10, 20, 30, 40],
        [5, 25, 20, 60],
      ]),
    ).toEqual([5, 20, 30, 60])
    expect(around([])).toBeNull()
  })
})

describe('cropAround', () => {
  it('keeps the shape and centres the box', () => {
    // 200 × 100 box with 0.9 of itself around: 560 wide, 420 high, centred on (500, 400)
    expect(cropAround([[400, 350, 600, 450]], 1000, 800)).toEqual([220, 190, 780, 610])
  })

  it('stays inside the image', () => {
    const [x1, y1, x2, y2] = cropAround([[0, 0, 50, 40]], 640, 480)
    expect([x1, y1]).toEqual([0, 0])
    expect((y2 - y1) / (x2 - x1)).toBeCloseTo(0.75)
  })

  it('is never smaller than can be seen', () => {
    const [x1, , x2] = cropAround([[100, 100, 103, 103]], 640, 480)
    expect(x2 - x1).toBe(96)
  })

  it('shows the whole image when the box fills it, with bars where the shapes differ', () => {
    expect(cropAround([[0, 0, 100, 400]], 100, 400)).toEqual([
      50 - 400 / 0.75 / 2,
      0,
      50 + 400 / 0.75 / 2,
      400,
    ])
  })

  it('shows the whole image without boxes', () => {
    const [x1, y1, x2, y2] = cropAround([], 640, 480)
    expect([x1, y1, x2, y2]).toEqual([0, 0, 640, 480])
  })
})
