/**
 * What of the map is in sight: the one place that converts between the map's plane and the screen.
 * `x` and `y` are the plane's place (0–1) in the middle of the screen; `zoom` 1 shows the whole plane.
 */

export type View = { readonly x: number; readonly y: number; readonly zoom: number }
export type Size = { readonly width: number; readonly height: number }
export type Spot = { readonly x: number; readonly y: number }

export const WHOLE: View = { x: 0.5, y: 0.5, zoom: 1 }
export const PLANE = 65535
const MOST_ZOOM = 400
/** CSS pixels left free around the whole plane. */
const MARGIN = 12

/** CSS pixels of the plane's side. */
export function sideOf(view: View, screen: Size): number {
  return Math.max(1, Math.min(screen.width, screen.height) - 2 * MARGIN) * view.zoom
}

export function toScreen(view: View, screen: Size, x: number, y: number): Spot {
  const side = sideOf(view, screen)
  return {
    x: (x / PLANE - view.x) * side + screen.width / 2,
    y: (y / PLANE - view.y) * side + screen.height / 2,
  }
}

/** In the plane's whole numbers, never outside it. */
export function toPlane(view: View, screen: Size, spot: Spot): readonly [number, number] {
  const side = sideOf(view, screen)
  const whole = (at: number) => Math.round(Math.min(Math.max(at, 0), 1) * PLANE)
  return [
    whole((spot.x - screen.width / 2) / side + view.x),
    whole((spot.y - screen.height / 2) / side + view.y),
  ]
}

/** Zoomed by a factor; what is under the spot stays there. */
export function zoomedAt(view: View, screen: Size, spot: Spot, factor: number): View {
  const zoom = Math.min(Math.max(view.zoom * factor, 1), MOST_ZOOM)
  const before = sideOf(view, screen)
  const after = sideOf({ ...view, zoom }, screen)
  const shift = (at: number, middle: number) => (at - middle) * (1 / before - 1 / after)
  return kept({
    x: view.x + shift(spot.x, screen.width / 2),
    y: view.y + shift(spot.y, screen.height / 2),
    zoom,
  })
}

export function movedBy(view: View, screen: Size, dx: number, dy: number): View {
  const side = sideOf(view, screen)
  return kept({ ...view, x: view.x - dx / side, y: view.y - dy / side })
}

/** The middle of the screen never leaves the plane, so that it cannot be lost. */
function kept(view: View): View {
  return { ...view, x: Math.min(Math.max(view.x, 0), 1), y: Math.min(Math.max(view.y, 0), 1) }
}

/** As the address has it; the whole plane is not worth a word. */
export function written(view: View): string | undefined {
  if (view.zoom < 1.001 && Math.abs(view.x - 0.5) + Math.abs(view.y - 0.5) < 0.002) return undefined
  return `${view.x.toFixed(4)},${view.y.toFixed(4)},${view.zoom.toFixed(2)}`
}

export function read(text: string | undefined): View {
  const [x, y, zoom] = (text ?? '').split(',').map(Number)
  if (![x, y, zoom].every((one) => one !== undefined && Number.isFinite(one))) return WHOLE
  return kept({ x: x!, y: y!, zoom: Math.min(Math.max(zoom!, 1), MOST_ZOOM) })
}
