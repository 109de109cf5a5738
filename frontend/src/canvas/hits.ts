/** What the pointer is on, with or without a shape finer than the box. */

import type { FinerShape } from '../api/types'
import { contains, distanceToOutline, type Point, type Xyxy } from './box'
import { distanceToShape, isInside } from './shape'
import { boxToScreen, toImage, type Viewport } from './viewport'

type Placed = { readonly box: Xyxy; readonly shape?: FinerShape | null | undefined }

/** Screen pixels from a place of the screen to the outline that is drawn. */
export function screenDistance(view: Viewport, { box, shape }: Placed, at: Point): number {
  const fromBox = distanceToOutline(boxToScreen(view, box), at)
  if (!shape || (fromBox > FAR && !contains(boxToScreen(view, box), at))) return fromBox
  return distanceToShape(shape, toImage(view, at)) * view.scale
}

/** Screen pixels beyond which nobody asks how far exactly it is. */
const FAR = 40

/** Whether a point (image pixels) lies inside of what is drawn. */
export const isOn = ({ box, shape }: Placed, point: Point): boolean =>
  shape ? isInside(shape, point) : contains(box, point)
