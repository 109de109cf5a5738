/** The brush, what it has painted so far, and the handle by which a turned box is turned. */

import type { Point } from './box'
import { HALO } from './ink'
import type { Drawing } from './paintShapes'
import type { Viewport } from './viewport'

type Stroke = { readonly points: readonly Point[]; readonly radius: number }

export function paintStroke(
  context: Drawing,
  { points, radius }: Stroke,
  view: Viewport,
  colour: string,
): void {
  context.save()
  context.setLineDash([])
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.globalAlpha = 0.5
  context.strokeStyle = colour
  context.lineWidth = 2 * radius * view.scale
  context.beginPath()
  points.forEach(({ x, y }, at) => {
    const [left, top] = [view.x + x * view.scale, view.y + y * view.scale]
    if (at === 0) context.moveTo(left, top)
    context.lineTo(left, top)
  })
  context.stroke()
  context.restore()
}

/** The brush's width around the pointer: solid paints, dashed takes away. */
export function paintRing(context: Drawing, { x, y }: Point, radius: number, erases: boolean): void {
  context.save()
  context.beginPath()
  context.arc(x, y, Math.max(1.5, radius), 0, 2 * Math.PI)
  context.setLineDash([])
  context.strokeStyle = HALO
  context.lineWidth = 3
  context.stroke()
  context.setLineDash(erases ? [4, 3] : [])
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1.25
  context.stroke()
  context.restore()
}

export type TurnHandle = { readonly from: Point; readonly to: Point }

/** A stem from the middle of the side that was on top, with a knob at its end; screen pixels. */
export function paintTurnHandle(context: Drawing, { from, to }: TurnHandle, colour: string): void {
  context.save()
  context.setLineDash([])
  for (const [stroke, width] of [
    [HALO, 3.5],
    [colour, 1.5],
  ] as const) {
    context.strokeStyle = stroke
    context.lineWidth = width
    context.beginPath()
    context.moveTo(from.x, from.y)
    context.lineTo(to.x, to.y)
    context.stroke()
    context.beginPath()
    context.arc(to.x, to.y, 5, 0, 2 * Math.PI)
    context.stroke()
  }
  context.fillStyle = '#ffffff'
  context.fill()
  context.restore()
}
