/** Where dragged edges go: to an edge of the image or of another box near them, else to a strong edge of the picture. */

import type { Size, Xyxy } from '../../canvas/box'
import type { Viewport } from '../../canvas/viewport'
import type { LabelBox } from './content'
import { type Grey, strongestEdge } from './pictureEdge'

export type Axis = 'x' | 'y'
/** A dragged edge: on the line `axis = at`, from `from` to `to` along it. Image pixels. */
export type Edge = { readonly axis: Axis; readonly at: number; readonly from: number; readonly to: number }
export type Guide = { readonly axis: Axis; readonly at: number; readonly to: 'image' | 'box' | 'picture' }
/** How far the edges are to be moved, and the lines on which they then stand. */
export type Snapped = { readonly dx: number; readonly dy: number; readonly guides: readonly Guide[] }
/** The picture's grey values in an area (whole image pixels), null while they are not to be had. */
export type Pixels = (area: Xyxy) => Grey | null
export type Snap = { readonly edges: readonly Edge[]; readonly pixels: Pixels | null }
export type Ground = {
  readonly image: Size
  readonly view: Viewport
  readonly boxes: readonly LabelBox[]
  readonly pixels: Pixels | null
}

/** Screen pixels within which an edge is drawn to another. */
const REACH = 6
/** Screen pixels beyond its ends along which an edge looks for boxes to line up with. */
const BESIDE = 80
/** An edge shorter than this (image pixels) says too little about the picture. */
const SHORT = 6
/** However far out one has zoomed, the picture is searched no further than this (image pixels). */
const FARTHEST = 24

const STAYS: Snapped = { dx: 0, dy: 0, guides: [] }

/** The shift for a set of edges that are dragged together: per axis the nearest that any of them finds. */
export function snapped(edges: readonly Edge[], ground: Ground | null): Snapped {
  if (!ground) return STAYS
  const [x, y] = [nearest(edges, 'x', ground), nearest(edges, 'y', ground)]
  const guides = [x, y].flatMap((one) => (one ? [one.guide] : []))
  return { dx: x?.shift ?? 0, dy: y?.shift ?? 0, guides }
}

type Found = { readonly shift: number; readonly guide: Guide }

function nearest(edges: readonly Edge[], axis: Axis, ground: Ground): Found | null {
  const own = edges.filter((edge) => edge.axis === axis)
  const reach = REACH / ground.view.scale
  const found = own.flatMap((edge) =>
    guidesOf(ground, axis).map((guide) => ({ shift: guide.at - edge.at, guide })),
  )
  const near = found.filter(({ shift }) => Math.abs(shift) <= reach)
  if (near.length > 0) return near.reduce((a, b) => (Math.abs(b.shift) < Math.abs(a.shift) ? b : a))
  const [only, ...others] = own
  return only && others.length === 0 ? inPicture(only, ground, reach) : null
}

function guidesOf({ image, boxes }: Ground, axis: Axis): Guide[] {
  const ends = axis === 'x' ? [0, image.width] : [0, image.height]
  const [low, high] = axis === 'x' ? ([0, 2] as const) : ([1, 3] as const)
  return [
    ...ends.map((at) => ({ axis, at, to: 'image' as const })),
    ...boxes.flatMap(({ box }) => [box[low], box[high]].map((at) => ({ axis, at, to: 'box' as const }))),
  ]
}

function inPicture(edge: Edge, { pixels, image }: Ground, reach: number): Found | null {
  const { axis, at } = edge
  if (!pixels || Math.abs(edge.to - edge.from) < SHORT) return null
  const within = Math.min(reach, FARTHEST)
  const grey = pixels(stripOf(edge, within, image))
  const place = grey && strongestEdge(grey, axis, at, within)
  return place == null ? null : { shift: place - at, guide: { axis, at: place, to: 'picture' } }
}

/** The picture along an edge, a little wider than the reach so that what stands out has something to stand out from. */
function stripOf({ axis, at, from, to }: Edge, reach: number, image: Size): Xyxy {
  const [low, high] = [Math.floor(at - 2 * reach - 2), Math.ceil(at + 2 * reach + 2)]
  const [begin, end] = [Math.floor(Math.min(from, to)), Math.ceil(Math.max(from, to))]
  const [x1, y1, x2, y2] = axis === 'x' ? [low, begin, high, end] : [begin, low, end, high]
  return [Math.max(0, x1), Math.max(0, y1), Math.min(image.width, x2), Math.min(image.height, y2)]
}

type Near = { boxesIn(area: Xyxy): readonly LabelBox[] }

/** Boxes with which the edges could line up: those beside them, not those across the picture. */
export function edgesNear(
  near: Near,
  edges: readonly Edge[],
  { scale }: Viewport,
  except: ReadonlySet<string>,
): readonly LabelBox[] {
  const [reach, beside] = [REACH / scale, BESIDE / scale]
  const found = edges.flatMap(({ axis, at, from, to }) => {
    const [low, high] = [Math.min(from, to) - beside, Math.max(from, to) + beside]
    return near.boxesIn(
      axis === 'x' ? [at - reach, low, at + reach, high] : [low, at - reach, high, at + reach],
    )
  })
  return [...new Set(found)].filter((box) => !except.has(box.id))
}

/** The edges of a box that are being dragged. */
export function edgesOf([x1, y1, x2, y2]: Xyxy, sides: readonly ('n' | 's' | 'e' | 'w')[]): Edge[] {
  return sides.map((side) => {
    if (side === 'w' || side === 'e') return { axis: 'x', at: side === 'w' ? x1 : x2, from: y1, to: y2 }
    return { axis: 'y', at: side === 'n' ? y1 : y2, from: x1, to: x2 }
  })
}
