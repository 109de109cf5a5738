/** The points of a polygon that is being edited. */

import { HALO } from './ink'
import type { Drawing } from './paintShapes'
import type { PointAt } from './points'
import { type Polygon, ringsOf } from './shape'
import type { Viewport } from './viewport'

/** Screen pixels between two points that are both shown; zooming in shows the others. */
const APART = 8
const RADIUS = 3
const FOCUSED_RADIUS = 5

export function paintPoints(
  context: Drawing,
  shape: Polygon,
  view: Viewport,
  colour: string,
  focused: PointAt | null,
): void {
  context.setLineDash([])
  ringsOf(shape).forEach((points, ring) => {
    let [lastX, lastY] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
    points.forEach((pair, at) => {
      const [x, y] = [view.x + pair[0] * view.scale, view.y + pair[1] * view.scale]
      const looked = focused?.ring === ring && focused.at === at
      if (!looked && Math.hypot(x - lastX, y - lastY) < APART) return
      if (!looked) [lastX, lastY] = [x, y]
      paintPoint(context, x, y, colour, looked)
    })
  })
}

function paintPoint(context: Drawing, x: number, y: number, colour: string, focused: boolean): void {
  context.beginPath()
  context.arc(x, y, focused ? FOCUSED_RADIUS : RADIUS, 0, 2 * Math.PI)
  context.strokeStyle = HALO
  context.lineWidth = 3.5
  context.stroke()
  context.fillStyle = focused ? colour : '#ffffff'
  context.fill()
  context.strokeStyle = focused ? '#ffffff' : colour
  context.lineWidth = 1.5
  context.stroke()
}
