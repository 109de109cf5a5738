import { clipped, type Point } from '../../../canvas/box'
import type { TurnHandle } from '../../../canvas/paintBrush'
import { boxAround, cornersOf, type TurnedBox } from '../../../canvas/shape'
import { turnedBox } from '../../../canvas/shapeKinds'
import { toImage, toScreen, type Viewport } from '../../../canvas/viewport'
import { setShape } from '../boxShapes'
import type { PointerInput, Preview, Stage } from './tool'

/** Screen pixels from the side to the knob, and around the knob that count as on it. */
const STEM = 24
const REACH = { fine: 9, coarse: 18 }
/** Degrees to whose multiples Shift turns. */
const STEP = 15

/** Where the handle of a turned box stands, screen pixels. */
export function turnHandle(shape: TurnedBox, view: Viewport): TurnHandle {
  const [a, b] = cornersOf(shape)
  const [ax, ay, bx, by] = [a?.[0] ?? 0, a?.[1] ?? 0, b?.[0] ?? 0, b?.[1] ?? 0]
  const from = toScreen(view, { x: (ax + bx) / 2, y: (ay + by) / 2 })
  const turn = (shape.angle * Math.PI) / 180
  return { from, to: { x: from.x + Math.sin(turn) * STEM, y: from.y - Math.cos(turn) * STEM } }
}

type Held = { readonly id: string; readonly shape: TurnedBox; readonly now: TurnedBox | null }

/** Turns the one turned box that is selected by its handle. */
export class TurnGesture {
  private held: Held | null = null
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.held !== null
  }

  begin(at: PointerInput): boolean {
    const under = this.under(at)
    if (under) this.held = { ...under, now: null }
    return this.busy
  }

  move(at: PointerInput): void {
    if (!this.held) return
    const { centre, size } = this.held.shape
    const angle = angleTo({ x: centre[0], y: centre[1] }, toImage(this.stage.viewport, at))
    const said = at.shift ? Math.round(angle / STEP) * STEP : angle
    this.held = { ...this.held, now: turnedBox({ x: centre[0], y: centre[1] }, size, said) }
  }

  end(): void {
    const { held } = this
    this.held = null
    if (held?.now) this.stage.commit('reshape', setShape(held.id, held.now, this.stage.image))
  }

  cancel(): void {
    this.held = null
  }

  cursor(at: PointerInput): string | null {
    return this.busy ? 'grabbing' : this.under(at) ? 'grab' : null
  }

  preview(): Preview | null {
    const { held, stage } = this
    if (!held?.now) return null
    const box = clipped(boxAround(held.now, stage.image), stage.image)
    return { boxes: new Map([[held.id, box]]), shape: held.now, marquee: null, focus: null }
  }

  private under(at: PointerInput): { id: string; shape: TurnedBox } | null {
    const [id, ...others] = this.stage.selection
    const box = others.length === 0 ? this.stage.box(id) : undefined
    if (box?.shape?.kind !== 'turned' || !this.stage.isShown(box) || this.stage.isLocked(box)) return null
    const { to } = turnHandle(box.shape, this.stage.viewport)
    const reach = at.coarse ? REACH.coarse : REACH.fine
    return Math.hypot(to.x - at.x, to.y - at.y) <= reach ? { id: box.id, shape: box.shape } : null
  }
}

/** Degrees clockwise from straight up. */
const angleTo = (from: Point, to: Point): number => (Math.atan2(to.x - from.x, from.y - to.y) * 180) / Math.PI
