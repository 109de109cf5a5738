import { boxHeight, boxWidth, type Point, spanning, type Xyxy } from '../../../canvas/box'
import { boxToScreen, insideImage } from '../../../canvas/viewport'
import { addBoxes, drawnBox } from '../document'
import type { Guide } from '../snap'
import { DRAWING, type PointerInput, type Preview, type Stage, type Tool } from './tool'

/** A rectangle smaller than this on the screen (pixels, both sides) is a click, not a box. */
const CLICK_SLOP = 4

type State =
  | { readonly name: 'idle' }
  | ({ readonly name: 'dragging' } & Corners)
  | ({ readonly name: 'placing' } & Corners)
  | ({ readonly name: 'placed' } & Corners)

type Corners = { readonly start: Point; readonly now: Point; readonly guides?: readonly Guide[] }

const IDLE: State = { name: 'idle' }

/** Draws a box: by dragging, or by a click on one corner and a click on the opposite one. */
export class DrawTool implements Tool {
  readonly name = 'draw'
  private state: State = IDLE
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.state.name !== 'idle'
  }

  pointerDown(at: PointerInput): void {
    if (this.state.name === 'placing') {
      this.state = { name: 'placed', start: this.state.start, ...this.corner(this.state.start, at) }
      return
    }
    const { now, guides = [] } = this.corner(insideImage(this.stage.viewport, at), at)
    this.state = { name: 'dragging', start: now, now, guides }
  }

  pointerMove(at: PointerInput): void {
    if (this.state.name === 'idle') return
    this.state = { ...this.state, ...this.corner(this.state.start, at) }
  }

  /** The corner that follows the pointer, at what it snaps to. */
  private corner(start: Point, at: PointerInput): Omit<Corners, 'start'> {
    const { x, y } = insideImage(this.stage.viewport, at)
    const edges = [
      { axis: 'x', at: x, from: start.y, to: y },
      { axis: 'y', at: y, from: start.x, to: x },
    ] as const
    const { dx, dy, guides } = this.stage.snap(edges, at)
    return { now: { x: x + dx, y: y + dy }, guides }
  }

  pointerUp(at: PointerInput): void {
    const { state } = this
    if (state.name === 'idle' || state.name === 'placing') return
    const { now } = this.corner(state.start, at)
    const box = spanning(state.start, now)
    if (this.isClick(box)) {
      this.state = state.name === 'dragging' ? { name: 'placing', start: state.start, now } : IDLE
      return
    }
    this.state = IDLE
    this.add(box)
  }

  cancel(): void {
    this.state = IDLE
  }

  cursor(): string {
    return 'crosshair'
  }

  preview(): Preview | null {
    const { state } = this
    if (state.name === 'idle') return null
    const box = spanning(state.start, state.now)
    return {
      boxes: new Map([[DRAWING, box]]),
      marquee: null,
      focus: state.now,
      guides: state.guides ?? [],
    }
  }

  private isClick(box: Xyxy): boolean {
    const screen = boxToScreen(this.stage.viewport, box)
    return boxWidth(screen) < CLICK_SLOP && boxHeight(screen) < CLICK_SLOP
  }

  private add(box: Xyxy): void {
    const { stage } = this
    const drawn = drawnBox(stage.newId(), stage.activeClass, box, stage.image)
    stage.commit('draw', addBoxes([drawn]))
    stage.select([drawn.id])
  }
}
