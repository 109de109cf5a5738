import { describe, expect, it } from 'vitest'
import {
  actualSize,
  boxToScreen,
  fitted,
  insideImage,
  isFitted,
  keptOf,
  pannedBy,
  resizedScreen,
  scaleLimits,
  toImage,
  toScreen,
  viewAgain,
  zoomedAt,
  zoomedBy,
  zoomedToBox,
} from './viewport'

const image = { width: 1280, height: 720 }
const screen = { width: 832, height: 632 }

describe('fitted', () => {
  it('shows the whole image in the middle', () => {
    const view = fitted(image, screen)
    expect(view.scale).toBeCloseTo(800 / 1280)
    expect(toScreen(view, { x: 640, y: 360 })).toEqual({ x: 416, y: 316 })
    expect(isFitted(view)).toBe(true)
  })
  it('does not blow a tiny image up without end', () => {
    expect(fitted({ width: 10, height: 10 }, screen).scale).toBe(4)
  })
  it('survives a screen that has no size yet', () => {
    const view = fitted(image, { width: 0, height: 0 })
    expect(Number.isFinite(view.x) && view.scale > 0).toBe(true)
  })
})

describe('conversion', () => {
  it('goes there and back', () => {
    const view = zoomedAt(fitted(image, screen), { x: 100, y: 200 }, 3.3)
    const there = toScreen(view, { x: 12.5, y: 700 })
    const back = toImage(view, there)
    expect(back.x).toBeCloseTo(12.5)
    expect(back.y).toBeCloseTo(700)
  })
  it('converts boxes corner by corner', () => {
    const view = { image, screen, scale: 2, x: 10, y: 20 }
    expect(boxToScreen(view, [1, 2, 3, 4])).toEqual([12, 24, 16, 28])
  })
  it('keeps a pointer outside the image on its border', () => {
    expect(insideImage(fitted(image, screen), { x: -50, y: 9999 })).toEqual({ x: 0, y: 720 })
  })
})

describe('zoomedAt', () => {
  it('keeps the point under the pointer', () => {
    const view = fitted(image, screen)
    const at = { x: 300, y: 250 }
    const before = toImage(view, at)
    const after = toImage(zoomedAt(view, at, 2), at)
    expect(after.x).toBeCloseTo(before.x)
    expect(after.y).toBeCloseTo(before.y)
  })
  it('stops at both limits', () => {
    const view = fitted(image, screen)
    const { low, high } = scaleLimits(view)
    expect(zoomedAt(view, { x: 0, y: 0 }, 1e9).scale).toBe(high)
    expect(zoomedAt(view, { x: 0, y: 0 }, 1e-9).scale).toBe(low)
  })
  it('shows pixels one to one', () => {
    expect(actualSize(fitted(image, screen)).scale).toBeCloseTo(1)
  })
})

describe('pannedBy', () => {
  it('never loses the image', () => {
    const view = pannedBy(fitted(image, screen), 1e6, -1e6)
    expect(view.x).toBe(screen.width - 48)
    expect(view.y + image.height * view.scale).toBe(48)
  })
})

describe('zoomedToBox', () => {
  it('puts the box in the middle with room around it', () => {
    const view = zoomedToBox(fitted(image, screen), [600, 300, 680, 340])
    const [x1, y1, x2, y2] = boxToScreen(view, [600, 300, 680, 340])
    expect((x1 + x2) / 2).toBeCloseTo(416)
    expect((y1 + y2) / 2).toBeCloseTo(316)
    expect(x2 - x1).toBeCloseTo(832 / 4)
  })
  it('does not zoom out below the fit nor in beyond eight', () => {
    const view = fitted(image, screen)
    expect(zoomedToBox(view, [0, 0, 1280, 720]).scale).toBeCloseTo(view.scale)
    expect(zoomedToBox(view, [10, 10, 12, 12]).scale).toBe(8)
  })
})

describe('resizedScreen', () => {
  it('keeps a fitted image fitted', () => {
    expect(isFitted(resizedScreen(fitted(image, screen), { width: 500, height: 900 }))).toBe(true)
  })
  it('keeps the middle in the middle otherwise', () => {
    const view = zoomedAt(fitted(image, screen), { x: 416, y: 316 }, 4)
    const middle = toImage(view, { x: 416, y: 316 })
    const next = resizedScreen(view, { width: 1000, height: 400 })
    expect(toImage(next, { x: 500, y: 200 }).x).toBeCloseTo(middle.x)
    expect(next.scale).toBe(view.scale)
  })
})

describe('a look that goes along', () => {
  const screen = { width: 832, height: 632 }
  const image = { width: 800, height: 600 }
  it('is the same place at the same zoom in an image of the same size', () => {
    const view = pannedBy(zoomedBy(fitted(image, screen), 4), -300, 120)
    expect(viewAgain(keptOf(view), image, screen)).toEqual(view)
  })
  it('is the same share of an image of another size', () => {
    const view = zoomedAt(fitted(image, screen), { x: 16, y: 16 }, 2)
    const again = viewAgain(keptOf(view), { width: 1600, height: 1200 }, screen)
    expect(again.scale).toBeCloseTo(view.scale / 2)
    expect(toImage(again, { x: 416, y: 316 }).x / 1600).toBeCloseTo(toImage(view, { x: 416, y: 316 }).x / 800)
  })
  it('is the whole image where the whole was seen, or nothing yet', () => {
    expect(keptOf(fitted(image, screen))).toBeNull()
    expect(keptOf(fitted(image, { width: 0, height: 0 }))).toBeNull()
    expect(viewAgain(null, image, screen)).toEqual(fitted(image, screen))
  })
})
