/** From one kind of shape to another; a plain box is its four corners. Pure. */

import type { Point, Size, Xyxy } from './box'
import { areaOf, signedArea, united } from './combine'
import { type Mask, maskOf, pixelsOfShape } from './pixels'
import {
  cornersOf,
  type FinerShape,
  isInside,
  type Pair,
  type Polygon,
  type Ring,
  ringsOf,
  type TurnedBox,
} from './shape'
import { simplified } from './simplified'

type Given = { readonly box: Xyxy; readonly shape?: FinerShape | null | undefined }

/** Of a mask's outline (pixels): its steps go, and what is straight stays so. */
const STEPS = 0.75
const DIGITS = 1000

const cornersOfBox = ([x1, y1, x2, y2]: Xyxy): [number, number][] => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
]

const ofRings = (parts: readonly (readonly Ring[])[]): Polygon => ({
  kind: 'polygon',
  parts: parts.map((part) => part.map((ring) => ring.map(([x, y]) => [rounded(x), rounded(y)]))),
})

export function toPolygon({ box, shape }: Given): Polygon {
  if (!shape) return ofRings([[cornersOfBox(box)]])
  if (shape.kind === 'polygon') return shape
  return shape.kind === 'turned' ? ofRings([[cornersOf(shape)]]) : polygonOfMask(shape)
}

/** Outlines and holes run the opposite ways; a hole is in the smallest outline around it. */
function polygonOfMask(mask: Mask): Polygon {
  const rings = ringsOf(mask)
  const outer = rings.filter((ring) => signedArea(ring) > 0).sort((a, b) => areaOf(a) - areaOf(b))
  const parts = outer.map((ring) => [simplified(ring, STEPS)])
  for (const hole of rings.filter((ring) => signedArea(ring) < 0)) {
    const [x, y] = hole[0] ?? [0, 0]
    const [nx, ny] = hole[1] ?? [0, 0]
    const beside = { x: (x + nx) / 2, y: (y + ny) / 2 }
    const at = outer.findIndex((ring) => areaOf(ring) > areaOf(hole) && isInside(ofRings([[ring]]), beside))
    parts[at]?.push(simplified(hole, STEPS))
  }
  return ofRings(parts)
}

/** Null where no pixel's middle lies inside. */
export function toMask({ box, shape }: Given, image: Size): Mask | null {
  if (shape?.kind === 'mask') return shape
  return maskOf(pixelsOfShape(shape ?? toPolygon({ box }), image), image)
}

/** The smallest turned box around it. */
export function toTurned({ box, shape }: Given): TurnedBox {
  if (shape?.kind === 'turned') return shape
  if (!shape) return turnedOf(cornersOfBox(box))
  return turnedOf(hullOf(ringsOf(shape).flat()))
}

/** The smallest box around a convex outline has a side along one of its sides. */
function turnedOf(hull: Ring): TurnedBox {
  let [found, least]: [TurnedBox | null, number] = [null, Number.POSITIVE_INFINITY]
  hull.forEach(([x, y], at) => {
    const [nx, ny] = hull[(at + 1) % hull.length] ?? [x, y]
    const one = along(hull, Math.atan2(ny - y, nx - x))
    const area = one.size[0] * one.size[1]
    if (area < least - 1e-9) [found, least] = [one, area]
  })
  return upright(found ?? along(hull, 0))
}

/** The same box with an angle below 90 degrees. */
function upright({ centre: [x, y], size: [width, height], angle }: TurnedBox): TurnedBox {
  const swapped = Math.floor(angle / 90) % 2 === 1
  return turnedBox({ x, y }, swapped ? [height, width] : [width, height], angle % 90)
}

/** The box around points whose sides run at that angle, radians. */
function along(points: Ring, angle: number): TurnedBox {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const across = points.map(([x, y]) => x * c + y * s)
  const down = points.map(([x, y]) => y * c - x * s)
  const [left, right] = [Math.min(...across), Math.max(...across)]
  const [top, bottom] = [Math.min(...down), Math.max(...down)]
  const [u, v] = [(left + right) / 2, (top + bottom) / 2]
  return turnedBox(
    { x: u * c - v * s, y: u * s + v * c },
    [right - left, bottom - top],
    (angle * 180) / Math.PI,
  )
}

/** Angle in degrees, clockwise; any is taken. */
export function turnedBox({ x, y }: Point, [width, height]: Pair, degrees: number): TurnedBox {
  const angle = rounded(((degrees % 360) + 360) % 360)
  return {
    kind: 'turned',
    centre: [rounded(x), rounded(y)],
    size: [Math.max(rounded(width), 1 / DIGITS), Math.max(rounded(height), 1 / DIGITS)],
    angle: angle >= 360 ? 0 : angle,
  }
}

const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS

/** The convex outline of points (Andrew's monotone chain). */
export function hullOf(points: Ring): Ring {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by)
  if (sorted.length < 3) return sorted
  return [...chain(sorted), ...chain(sorted.reverse())]
}

function chain(points: Ring): Pair[] {
  const kept: Pair[] = []
  for (const point of points) {
    while (kept.length > 1 && turnOf(kept.at(-2) as Pair, kept.at(-1) as Pair, point) <= 0) kept.pop()
    kept.push(point)
  }
  return kept.slice(0, -1)
}

const turnOf = ([ax, ay]: Pair, [bx, by]: Pair, [cx, cy]: Pair): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

/** With fewer points: none that was left out lies farther than `tolerance` pixels from the outline; no ring crosses itself. */
export function simplifiedPolygon(shape: Polygon, tolerance: number): Polygon {
  const parts = shape.parts.map((part) => part.map((ring) => simplified(ring, tolerance)))
  return united(ofRings(parts)) ?? shape
}

export const pointsOf = (shape: FinerShape): number =>
  ringsOf(shape).reduce((sum, ring) => sum + ring.length, 0)
