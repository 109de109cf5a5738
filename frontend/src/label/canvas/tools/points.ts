import { clipped, type Point } from '../../../canvas/box'
import {
  hasRoomForPoints,
  insertPoint,
  movePoint,
  nearestEdge,
  nearestPoint,
  type PointAt,
  removePoint,
} from '../../../canvas/points'
import { boxAround, type Polygon } from '../../../canvas/shape'
import { insideImage, toImage } from '../../../canvas/viewport'
import { setShape } from '../boxShapes'
import { handlePointAt } from './hit'
import type { PointerInput, Preview, Stage } from './tool'

/** Screen pixels around a point and beside an edge that count as on it. */
const REACH = { fine: 6, coarse: 14 }
/** A press that moves less than this (screen pixels) is a click. */
const CLICK_SLOP = 3

type Edited = { readonly id: string; readonly shape: Polygon }
type Held = Edited & {
  readonly start: PointerInput
  readonly place: PointAt
  /** Whether the point stands already, or begins to where the edge is pulled. */
  readonly stands: boolean
  readonly now: { readonly shape: Polygon; readonly at: Point } | null
}

/**
 * The points of the one polygon that is selected. A point is dragged; an edge that is pulled gets a new one; Alt and
 * click removes one; a click looks at it, for the keys.
 */
export class PointGesture {
  private held: Held | 'removed' | null = null
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.held !== null
  }

  /** Whether the press is for a point or an edge. */
  begin(at: PointerInput): boolean {
    const edited = this.edited()
    const place = edited && !at.shift ? this.pointUnder(edited, at) : null
    if (edited && place && at.alt) {
      this.commit(edited.id, removePoint(edited.shape, place))
      this.stage.focusPoint(null)
      this.held = 'removed'
    } else if (edited && place) this.held = { ...edited, start: at, place, stands: true, now: null }
    else {
      const edge = edited && !at.shift && !at.alt ? this.edgeUnder(edited, at) : null
      if (edited && edge) this.held = { ...edited, start: at, place: edge, stands: false, now: null }
    }
    return this.busy
  }

  move(at: PointerInput): void {
    const { held } = this
    if (!held || held === 'removed') return
    if (!held.now && Math.hypot(at.x - held.start.x, at.y - held.start.y) < CLICK_SLOP) return
    const point = insideImage(this.stage.viewport, at)
    const shape = held.stands
      ? movePoint(held.shape, held.place, point)
      : insertPoint(held.shape, held.place, point)
    this.held = { ...held, now: { shape, at: point } }
  }

  end(): void {
    const { held } = this
    this.held = null
    if (!held || held === 'removed') return
    const { id, place, stands, now } = held
    if (now) this.commit(id, now.shape)
    if (stands) this.stage.focusPoint({ ...place, id })
    else if (now) this.stage.focusPoint({ ring: place.ring, at: place.at + 1, id })
  }

  cancel(): void {
    this.held = null
  }

  /** What a press here would take, if anything. */
  cursor(at: PointerInput): string | null {
    const edited = this.edited()
    if (this.busy) return 'grabbing'
    if (!edited || at.shift) return null
    if (this.pointUnder(edited, at)) return at.alt ? 'not-allowed' : 'grab'
    return !at.alt && this.edgeUnder(edited, at) ? 'copy' : null
  }

  preview(): Preview | null {
    const { held } = this
    if (!held || held === 'removed' || !held.now) return null
    const { shape, at } = held.now
    const { image } = this.stage
    return {
      boxes: new Map([[held.id, clipped(boxAround(shape, image), image)]]),
      shape,
      marquee: null,
      focus: at,
    }
  }

  private commit(id: string, shape: Polygon): void {
    this.stage.commit('reshape', setShape(id, shape, this.stage.image))
  }

  private edited(): Edited | null {
    const [id, ...others] = this.stage.selection
    const box = others.length === 0 ? this.stage.box(id) : undefined
    if (box?.shape?.kind !== 'polygon') return null
    if (!hasRoomForPoints(box.box, this.stage.viewport.scale)) return null
    return this.stage.isShown(box) && !this.stage.isLocked(box) ? { id: box.id, shape: box.shape } : null
  }

  private pointUnder({ shape }: Edited, at: PointerInput): PointAt | null {
    return nearestPoint(shape, toImage(this.stage.viewport, at), this.reach(at))
  }

  private edgeUnder({ id, shape }: Edited, at: PointerInput): PointAt | null {
    const box = this.stage.box(id)
    if (box && handlePointAt(this.stage.viewport, box, at)) return null
    return nearestEdge(shape, toImage(this.stage.viewport, at), this.reach(at))
  }

  private reach = (at: PointerInput): number =>
    (at.coarse ? REACH.coarse : REACH.fine) / this.stage.viewport.scale
}
