/** Browser events as the canvas understands them. */

import type { Point } from './box'
import { pannedBy, type Viewport, zoomedAt } from './viewport'

type Positioned = {
  readonly clientX: number
  readonly clientY: number
  readonly currentTarget: EventTarget | null
}

/** Where an event happened, in CSS pixels of the element that listens. */
export function placeOn(event: Positioned): Point {
  const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect()
  return { x: event.clientX - left, y: event.clientY - top }
}

const PIXELS_PER_LINE = 16
/** How strongly a wheel zooms, and how strongly fingers on a trackpad, which come as small steps with Ctrl. */
const WHEEL = 0.0016
const PINCH = 0.012

/** The viewport after a turn of the wheel: zooms at `at`, the pointer's place; with Shift, or sideways, it pans. */
export function afterWheel(view: Viewport, event: WheelEvent, at: Point): Viewport {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1
  const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
  if (event.shiftKey) return pannedBy(view, -(dx || dy), 0)
  if (Math.abs(dx) > Math.abs(dy)) return pannedBy(view, -dx, 0)
  return zoomedAt(view, at, Math.exp(-dy * (event.ctrlKey ? PINCH : WHEEL)))
}
