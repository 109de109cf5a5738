import { expect, it } from 'vitest'
import { movedBy, PLANE, read, toPlane, toScreen, WHOLE, written, zoomedAt } from './view'

const SCREEN = { width: 824, height: 624 }

it('shows the whole plane in the middle of the screen', () => {
  expect(toScreen(WHOLE, SCREEN, 0, 0)).toEqual({ x: 112, y: 12 })
  expect(toScreen(WHOLE, SCREEN, PLANE, PLANE)).toEqual({ x: 712, y: 612 })
})

it('keeps what is under the pointer where it is', () => {
  const spot = { x: 300, y: 200 }
  const under = toPlane(WHOLE, SCREEN, spot)
  const closer = zoomedAt(WHOLE, SCREEN, spot, 5)
  const [x, y] = toPlane(closer, SCREEN, spot)
  expect(Math.abs(x - under[0])).toBeLessThanOrEqual(1)
  expect(Math.abs(y - under[1])).toBeLessThanOrEqual(1)
  expect(zoomedAt(closer, SCREEN, spot, 1e-9).zoom).toBe(1)
})

it('moves with the pointer and never loses the plane', () => {
  const moved = movedBy(WHOLE, SCREEN, 60, -30)
  expect(toScreen(moved, SCREEN, 0, 0)).toEqual({ x: 172, y: -18 })
  expect(movedBy(WHOLE, SCREEN, 1e6, 1e6)).toEqual({ x: 0, y: 0, zoom: 1 })
})

it('is read as it was written', () => {
  expect(written(WHOLE)).toBeUndefined()
  expect(read(written({ x: 0.25, y: 0.75, zoom: 3.5 }))).toEqual({ x: 0.25, y: 0.75, zoom: 3.5 })
  for (const bad of [undefined, '', '1,2', 'a,b,c']) expect(read(bad)).toEqual(WHOLE)
})
