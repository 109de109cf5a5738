import { type Point, spanning } from '../../../canvas/box'
import { surrounded, united, without } from '../../../canvas/combine'
import { nearestPoint, pointAt } from '../../../canvas/points'
import { boxAround, type FinerShape, type Pair, type Polygon } from '../../../canvas/shape'
import { toPolygon } from '../../../canvas/shapeKinds'
import { simplified } from '../../../canvas/simplified'
import { insideImage } from '../../../canvas/viewport'
import { setShape } from '../boxShapes'
import { withPixels } from '../combining'
import type { LabelBox } from '../content'
import { addBoxes, drawnBox } from '../document'
import { DRAWING, type PointerInput, type Preview, type Stage, type Tool } from './tool'

/** Screen pixels: within them of the first corner the outline is closed, within them of another's it is drawn to that. */
const REACH = { fine: 8, coarse: 18 }
/** Screen pixels that the pointer goes, held down, from one corner to the next. */
const STRIDE = 6
/** Screen pixels that points drawn by hand may lie off and not be kept. */
const UNSEEN = 1

/** A new object, or a part of the selected one: Shift as one begins adds it, Alt cuts it out. */
type Purpose = 'new' | 'add' | 'cut'

type State = {
  readonly points: readonly Point[]
  readonly now: Point
  readonly purpose: Purpose
  /** Whether the button is held: then corners follow the pointer. */
  readonly held: boolean
  /** Whether some of it was drawn by hand. */
  readonly freehand: boolean
  readonly closing: boolean
}

/** Draws an outline: a corner by each click, many by dragging; a click on the first or twice on the last one closes it. */
export class PolygonTool implements Tool {
  readonly name = 'polygon'
  private state: State | null = null
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.state !== null
  }

  pointerDown(at: PointerInput): void {
    const { state } = this
    const now = this.placed(at)
    if (!state) {
      const purpose = this.target() ? (at.alt ? 'cut' : at.shift ? 'add' : 'new') : 'new'
      this.state = { points: [now], now, purpose, held: true, freehand: false, closing: false }
    } else if (this.closes(state, at)) this.state = { ...state, held: true, closing: true }
    else this.state = { ...state, points: [...state.points, now], now, held: true }
  }

  pointerMove(at: PointerInput): void {
    const { state } = this
    if (!state || state.closing) return
    const now = this.placed(at)
    const far = this.onScreen(now, state.points.at(-1) ?? now) >= STRIDE
    if (state.held && far) this.state = { ...state, points: [...state.points, now], now, freehand: true }
    else this.state = { ...state, now }
  }

  pointerUp(at: PointerInput): void {
    const { state } = this
    if (!state) return
    if (state.closing || (state.freehand && state.held && this.nearFirst(state, at))) this.close()
    else this.state = { ...state, held: false }
  }

  cancel(): void {
    this.state = null
  }

  /** Enter closes the outline, Backspace takes the last corner back. */
  key(word: string): boolean {
    const { state } = this
    if (!state) return false
    if (word === 'enter') this.close()
    else if (word === 'backspace' || word === 'delete') {
      const points = state.points.slice(0, -1)
      this.state = points.length === 0 ? null : { ...state, points }
    } else return false
    return true
  }

  cursor(): string {
    return 'crosshair'
  }

  preview(): Preview | null {
    const { state } = this
    if (!state) return null
    const ring = [...state.points, state.now].map(({ x, y }): Pair => [x, y])
    const shape: Polygon = { kind: 'polygon', parts: [[ring.map(([x, y]) => [x, y])]] }
    const box = boxAround(shape, this.stage.image)
    return {
      boxes: new Map([[DRAWING, box]]),
      shape,
      marquee: null,
      focus: state.now,
      cuts: state.purpose === 'cut',
    }
  }

  private close(): void {
    const { state } = this
    this.state = null
    if (!state) return
    const ring = state.points.map(({ x, y }): Pair => [x, y])
    const kept = state.freehand ? simplified(ring, UNSEEN / this.stage.viewport.scale) : ring
    const drawn = surrounded(kept)
    if (!drawn) return
    if (state.purpose === 'new') this.add(drawn)
    else this.change(drawn, state.purpose)
  }

  private add(shape: Polygon): void {
    const { stage } = this
    const box = drawnBox(stage.newId(), stage.activeClass, boxAround(shape, stage.image), stage.image)
    const drawn = { ...box, shape }
    stage.commit('draw', addBoxes([drawn]))
    stage.select([drawn.id])
  }

  private change(drawn: Polygon, purpose: 'add' | 'cut'): void {
    const target = this.target()
    const shape = target && combined(target, drawn, purpose, this.stage)
    if (target && shape) this.stage.commit('reshape', setShape(target.id, shape, this.stage.image))
  }

  /** The one object that is selected; one that is locked says so when it is to be changed. */
  private target(): LabelBox | null {
    const [id, ...others] = this.stage.selection
    const box = others.length === 0 ? this.stage.box(id) : undefined
    return box && this.stage.isShown(box) ? box : null
  }

  private closes(state: State, at: PointerInput): boolean {
    const last = state.points.at(-1)
    return this.nearFirst(state, at) || (!!last && this.isTwice(state, last, at))
  }

  private nearFirst({ points }: State, at: PointerInput): boolean {
    const [first] = points
    return !!first && points.length >= 3 && this.onScreen(first, this.stagePoint(at)) <= reachOf(at)
  }

  private isTwice({ points }: State, last: Point, at: PointerInput): boolean {
    return points.length >= 3 && this.onScreen(last, this.stagePoint(at)) < STRIDE / 2
  }

  private stagePoint = (at: PointerInput): Point => insideImage(this.stage.viewport, at)

  private onScreen = (a: Point, b: Point): number =>
    Math.hypot(a.x - b.x, a.y - b.y) * this.stage.viewport.scale

  /** Where a corner goes: to another object's corner near it, or to the image's edge. */
  private placed(at: PointerInput): Point {
    const point = this.stagePoint(at)
    if (at.free) return point
    const reach = reachOf(at) / this.stage.viewport.scale
    const around = spanning(
      { x: point.x - reach, y: point.y - reach },
      { x: point.x + reach, y: point.y + reach },
    )
    for (const { shape } of [...this.stage.reachable(around)].reverse()) {
      const place = shape?.kind === 'polygon' ? nearestPoint(shape, point, reach) : null
      const corner = place && shape?.kind === 'polygon' ? pointAt(shape, place) : undefined
      if (corner) return { x: corner[0], y: corner[1] }
    }
    const { width, height } = this.stage.image
    return { x: toEdge(point.x, width, reach), y: toEdge(point.y, height, reach) }
  }
}

const reachOf = (at: PointerInput): number => (at.coarse ? REACH.coarse : REACH.fine)

const toEdge = (value: number, end: number, reach: number): number =>
  value <= reach ? 0 : value >= end - reach ? end : value

/** A mask stays a mask; anything else becomes a polygon. Null where nothing would be left. */
function combined(
  target: LabelBox,
  drawn: Polygon,
  purpose: 'add' | 'cut',
  { image }: Stage,
): FinerShape | null {
  if (target.shape?.kind === 'mask') return withPixels(target.shape, [drawn], purpose, image)
  return (purpose === 'add' ? united : without)(toPolygon(target), drawn)
}
