/**
 * Viewport: the only place that converts between image pixels and screen pixels.
 *
 * A viewport is a value; every function gives a new one. Screen pixels are CSS pixels from the top-left of the stage,
 * `scale` is screen pixels per image pixel, `(x, y)` is where the image's origin stands on the screen.
 */

import type { Point, Size, Xyxy } from './box'
import { boxHeight, boxWidth } from './box'

export type Viewport = {
  readonly image: Size
  readonly screen: Size
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** One image pixel may become this many screen pixels: enough to place an edge exactly. */
const MAX_SCALE = 48
/** The image may shrink to this share of the size at which it fits. */
const MIN_OF_FIT = 0.25
/** Screen pixels left free around a fitted image. */
const FIT_MARGIN = 16
/** Screen pixels of the image that always stay in sight, so that it cannot be lost. */
const KEEP_IN_SIGHT = 48

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/** Screen pixels per image pixel at which the whole image shows, never enlarged beyond four times. */
export function fitScale(image: Size, screen: Size): number {
  const width = Math.max(1, screen.width - 2 * FIT_MARGIN)
  const height = Math.max(1, screen.height - 2 * FIT_MARGIN)
  return Math.min(width / Math.max(1, image.width), height / Math.max(1, image.height), 4)
}

/** The whole image, centred. */
export function fitted(image: Size, screen: Size): Viewport {
  return centredOn(
    { image, screen, scale: fitScale(image, screen), x: 0, y: 0 },
    { x: image.width / 2, y: image.height / 2 },
  )
}

/** True while the viewport shows what `fitted` would. */
export function isFitted(view: Viewport): boolean {
  const fit = fitted(view.image, view.screen)
  return (
    Math.abs(view.scale / fit.scale - 1) < 1e-6 &&
    Math.abs(view.x - fit.x) < 0.5 &&
    Math.abs(view.y - fit.y) < 0.5
  )
}

export function scaleLimits(view: Viewport): { readonly low: number; readonly high: number } {
  const fit = fitScale(view.image, view.screen)
  return { low: Math.min(fit * MIN_OF_FIT, 1), high: Math.max(MAX_SCALE, fit) }
}

export function toScreen(view: Viewport, point: Point): Point {
  return { x: view.x + point.x * view.scale, y: view.y + point.y * view.scale }
}

export function toImage(view: Viewport, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale }
}

export function boxToScreen(view: Viewport, box: Xyxy): Xyxy {
  const { x, y, scale } = view
  return [x + box[0] * scale, y + box[1] * scale, x + box[2] * scale, y + box[3] * scale]
}

/** A length in screen pixels as image pixels. */
export const screenLength = (view: Viewport, length: number): number => length / view.scale

/** `point` (screen) moved to the nearest place inside the image. */
export function insideImage(view: Viewport, point: Point): Point {
  const { x, y } = toImage(view, point)
  return { x: clamp(x, 0, view.image.width), y: clamp(y, 0, view.image.height) }
}

/** Zooms by `factor` and keeps what is under `at` (screen) where it is. */
export function zoomedAt(view: Viewport, at: Point, factor: number): Viewport {
  const { low, high } = scaleLimits(view)
  const scale = clamp(view.scale * factor, low, high)
  const under = toImage(view, at)
  return limited({ ...view, scale, x: at.x - under.x * scale, y: at.y - under.y * scale })
}

export function zoomedBy(view: Viewport, factor: number): Viewport {
  return zoomedAt(view, { x: view.screen.width / 2, y: view.screen.height / 2 }, factor)
}

/** One image pixel per screen pixel, about the middle of what is seen. */
export const actualSize = (view: Viewport): Viewport => zoomedBy(view, 1 / view.scale)

export function pannedBy(view: Viewport, dx: number, dy: number): Viewport {
  return limited({ ...view, x: view.x + dx, y: view.y + dy })
}

/** Shows `box` with room around it, for jumping to an object or a suggestion. */
export function zoomedToBox(view: Viewport, box: Xyxy): Viewport {
  const fit = fitScale(view.image, view.screen)
  const around = Math.min(
    view.screen.width / Math.max(1, boxWidth(box) * 4),
    view.screen.height / Math.max(1, boxHeight(box) * 4),
  )
  const { high } = scaleLimits(view)
  const scale = clamp(around, fit, Math.min(high, Math.max(fit, 8)))
  return centredOn({ ...view, scale }, { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 })
}

/** The same look at another screen size: fitted stays fitted, otherwise the middle stays in the middle. */
export function resizedScreen(view: Viewport, screen: Size): Viewport {
  if (isFitted(view)) return fitted(view.image, screen)
  const middle = toImage(view, { x: view.screen.width / 2, y: view.screen.height / 2 })
  return centredOn({ ...view, screen }, middle)
}

/** A look at an image that another image or another screen can be given: zoom against the fit, middle as shares. */
export type KeptView = { readonly zoom: number; readonly x: number; readonly y: number }

/** How `view` looks at its image; null while it shows the whole, or nothing yet. */
export function keptOf(view: Viewport): KeptView | null {
  const { image, screen, scale } = view
  if (screen.width === 0 || screen.height === 0 || isFitted(view)) return null
  const middle = toImage(view, { x: screen.width / 2, y: screen.height / 2 })
  const zoom = scale / fitScale(image, screen)
  return { zoom, x: middle.x / Math.max(1, image.width), y: middle.y / Math.max(1, image.height) }
}

/** The look again, at an image of any size: the same share of it is seen. Without one the whole image. */
export function viewAgain(kept: KeptView | null, image: Size, screen: Size): Viewport {
  const whole = fitted(image, screen)
  if (!kept) return whole
  const { low, high } = scaleLimits(whole)
  const scale = clamp(whole.scale * kept.zoom, low, high)
  return centredOn({ ...whole, scale }, { x: kept.x * image.width, y: kept.y * image.height })
}

/** What of the image is on the screen and around it, image pixels. */
export function inSight(view: Viewport, around = 0): Xyxy {
  const { x: x1, y: y1 } = toImage(view, { x: -around, y: -around })
  const { x: x2, y: y2 } = toImage(view, { x: view.screen.width + around, y: view.screen.height + around })
  return [x1, y1, x2, y2]
}

function centredOn(view: Viewport, point: Point): Viewport {
  const { screen, scale } = view
  return limited({ ...view, x: screen.width / 2 - point.x * scale, y: screen.height / 2 - point.y * scale })
}

/** Keeps a strip of the image in sight on both axes. */
function limited(view: Viewport): Viewport {
  const { image, screen, scale } = view
  return {
    ...view,
    x: limitAxis(view.x, image.width * scale, screen.width),
    y: limitAxis(view.y, image.height * scale, screen.height),
  }
}

function limitAxis(start: number, length: number, room: number): number {
  const strip = Math.min(KEEP_IN_SIGHT, length, room)
  return clamp(start, strip - length, room - strip)
}
