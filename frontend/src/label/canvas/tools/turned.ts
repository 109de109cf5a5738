import type { Point } from '../../../canvas/box'
import { boxAround, type TurnedBox } from '../../../canvas/shape'
import { turnedBox } from '../../../canvas/shapeKinds'
import { insideImage } from '../../../canvas/viewport'
import { addBoxes, drawnBox } from '../document'
import { DRAWING, type PointerInput, type Preview, type Stage, type Tool } from './tool'

/** Screen pixels: a press that moves less is a click; a side that is shorter is none. */
const SLOP = 4

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'edge'; readonly a: Point; readonly now: Point; readonly held: boolean }
  | { readonly name: 'width'; readonly a: Point; readonly b: Point; readonly now: Point }

const IDLE: State = { name: 'idle' }

/** Draws a turned box by three clicks: one side, from end to end, and how far the other side is away. */
export class TurnedTool implements Tool {
  readonly name = 'turned'
  private state: State = IDLE
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.state.name !== 'idle'
  }

  pointerDown(at: PointerInput): void {
    const { state } = this
    const now = this.point(at)
    if (state.name === 'idle') this.state = { name: 'edge', a: now, now, held: true }
    else if (state.name === 'edge') this.state = { ...state, now, held: true }
    else this.state = { ...state, now }
  }

  pointerMove(at: PointerInput): void {
    if (this.state.name !== 'idle') this.state = { ...this.state, now: this.point(at) }
  }

  pointerUp(at: PointerInput): void {
    const { state } = this
    const now = this.point(at)
    if (state.name === 'edge') {
      const long = this.onScreen(state.a, now) >= SLOP
      this.state = long ? { name: 'width', a: state.a, b: now, now } : { ...state, held: false }
    } else if (state.name === 'width' && this.add({ ...state, now })) this.state = IDLE
  }

  cancel(): void {
    this.state = IDLE
  }

  /** Enter takes the box as it stands, Backspace goes a click back. */
  key(word: string): boolean {
    const { state } = this
    if (state.name === 'idle') return false
    if (word === 'backspace' || word === 'delete') {
      this.state = state.name === 'width' ? { name: 'edge', a: state.a, now: state.now, held: false } : IDLE
      return true
    }
    if (word !== 'enter' || state.name !== 'width') return false
    if (this.add(state)) this.state = IDLE
    return true
  }

  cursor(): string {
    return 'crosshair'
  }

  preview(): Preview | null {
    const { state } = this
    if (state.name === 'idle') return null
    const shape =
      state.name === 'edge' ? spanned(state.a, state.now, state.now) : spanned(state.a, state.b, state.now)
    return {
      boxes: new Map([[DRAWING, boxAround(shape, this.stage.image)]]),
      shape,
      marquee: null,
      focus: state.now,
    }
  }

  private add({ a, b, now }: { a: Point; b: Point; now: Point }): boolean {
    const { stage } = this
    const shape = spanned(a, b, now)
    if (shape.size[1] * stage.viewport.scale < SLOP) return false
    const box = drawnBox(stage.newId(), stage.activeClass, boxAround(shape, stage.image), stage.image)
    stage.commit('draw', addBoxes([{ ...box, shape }]))
    stage.select([box.id])
    return true
  }

  private point = (at: PointerInput): Point => insideImage(this.stage.viewport, at)

  private onScreen = (a: Point, b: Point): number =>
    Math.hypot(a.x - b.x, a.y - b.y) * this.stage.viewport.scale
}

/** The box with one side from a to b, whose other side goes through a point. */
export function spanned(a: Point, b: Point, through: Point): TurnedBox {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = Math.hypot(dx, dy) || 1
  const [nx, ny] = [-dy / length, dx / length]
  const away = (through.x - a.x) * nx + (through.y - a.y) * ny
  const middle = { x: (a.x + b.x + away * nx) / 2 + 0, y: (a.y + b.y + away * ny) / 2 + 0 }
  return turnedBox(middle, [Math.hypot(dx, dy), Math.abs(away)], (Math.atan2(dy, dx) * 180) / Math.PI)
}
