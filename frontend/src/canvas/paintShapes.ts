/**
 * Draws shapes finer than a box: a light fill, a dark halo, a thin line; the box around only where the shape is selected.
 * Paths are in image pixels, made once for each doubling of the zoom; the canvas's transform does the rest.
 */

import type { FinerShape } from '../api/types'
import type { Xyxy } from './box'
import { HALO, haloOf, type Ink, inkOf } from './ink'
import type { Mark } from './marks'
import { ringsOf } from './shape'
import { simplified } from './simplified'
import { boxToScreen, type Viewport } from './viewport'

export type Drawing = CanvasRenderingContext2D
type Shaped = Mark & { readonly shape: FinerShape }

/** Of the colour, in the two digits that end `#rrggbbaa`: of any shape, of one pointed at, of one to be looked at. */
const FILL = { plain: '24', hovered: '3d', filled: '4d' }

/** Screen pixels by which a drawn outline may lie beside the true one. */
const UNSEEN = 0.3

/** Paths by shape and by power of two of the zoom at which they are drawn. */
const paths = new WeakMap<FinerShape, Map<number, Path2D>>()

/** All rings in image pixels, to be filled by the even-odd rule; no more points than one can see at this zoom. */
function pathOf(shape: FinerShape, scale: number): Path2D {
  const level = Math.ceil(Math.log2(scale))
  const known = paths.get(shape) ?? new Map<number, Path2D>()
  paths.set(shape, known)
  const path = known.get(level) ?? newPath(shape, UNSEEN / 2 ** level)
  known.set(level, path)
  return path
}

function newPath(shape: FinerShape, tolerance: number): Path2D {
  const path = new Path2D()
  for (const ring of ringsOf(shape)) {
    simplified(ring, tolerance).forEach(([x, y], at) => {
      if (at === 0) path.moveTo(x, y)
      else path.lineTo(x, y)
    })
    path.closePath()
  }
  return path
}

/** The lowest first; what is selected comes last. */
export function paintShapes(context: Drawing, marks: readonly Mark[], view: Viewport): void {
  const shaped = marks
    .filter((mark): mark is Shaped => mark.shape != null)
    .sort((a, b) => Number(!!a.selected) - Number(!!b.selected))
  if (shaped.length === 0) return
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  context.lineJoin = 'bevel'
  for (const mark of shaped) paintShape(context, mark, view)
  context.restore()
}

function paintShape(context: Drawing, mark: Shaped, view: Viewport): void {
  const path = pathOf(mark.shape, view.scale)
  const { hatched, hovered, filled, faint, crossed, selected } = mark
  if (hatched) hatch(context, mark, path, view)
  else if (!faint) {
    context.fillStyle = `${mark.colour}${filled ? FILL.filled : hovered ? FILL.hovered : FILL.plain}`
    context.fill(path, 'evenodd')
  }
  if (!faint) stroke(context, path, haloOf(mark), view.scale)
  stroke(context, path, inkOf(mark), view.scale)
  if (crossed) stroke(context, crossOf(mark.box), inkOf(mark), view.scale)
  if (selected) paintFrame(context, mark, view)
}

/** @param scale screen pixels per image pixel, which the context draws with */
function stroke(context: Drawing, path: Path2D, ink: Ink, scale: number): void {
  context.strokeStyle = ink.colour
  context.lineWidth = ink.width / scale
  context.lineCap = ink.cap
  context.globalAlpha = ink.alpha
  context.setLineDash(ink.dashes.map((length) => length / scale))
  context.stroke(path)
  context.globalAlpha = 1
}

/** The box around, thin and pale: what the handles pull. */
function paintFrame(context: Drawing, mark: Shaped, { scale }: Viewport): void {
  const [x1, y1, x2, y2] = mark.box
  context.setLineDash([])
  for (const [colour, width] of [
    [HALO, 2.5],
    [`${mark.colour}b0`, 1],
  ] as const) {
    context.strokeStyle = colour
    context.lineWidth = width / scale
    context.strokeRect(x1, y1, x2 - x1, y2 - y1)
  }
}

function crossOf([x1, y1, x2, y2]: Xyxy): Path2D {
  const path = new Path2D()
  path.moveTo(x1, y1)
  path.lineTo(x2, y2)
  path.moveTo(x2, y1)
  path.lineTo(x1, y2)
  return path
}

function hatch(context: Drawing, mark: Shaped, path: Path2D, view: Viewport): void {
  context.save()
  context.clip(path, 'evenodd')
  context.scale(1 / view.scale, 1 / view.scale)
  context.translate(-view.x, -view.y)
  paintHatch(context, boxToScreen(view, mark.box), mark.colour)
  context.restore()
}

/** Screen pixels from one line of a hatched box to the next. */
const HATCH = 9

/** Slanted lines over the whole of a box: whatever lies there does not count. */
export function paintHatch(context: Drawing, [x1, y1, x2, y2]: Xyxy, colour: string): void {
  context.save()
  context.beginPath()
  context.rect(x1, y1, x2 - x1, y2 - y1)
  context.clip()
  context.fillStyle = 'rgba(0, 0, 0, 0.28)'
  context.fillRect(x1, y1, x2 - x1, y2 - y1)
  context.setLineDash([])
  context.strokeStyle = colour
  context.lineWidth = 1
  context.beginPath()
  for (let start = x1 - (y2 - y1); start < x2; start += HATCH) {
    context.moveTo(start, y2)
    context.lineTo(start + (y2 - y1), y1)
  }
  context.stroke()
  context.restore()
}
