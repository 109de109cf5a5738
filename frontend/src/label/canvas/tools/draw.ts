import { boxHeight, boxWidth, type Point, spanning, type Xyxy } from '../../../canvas/box'
import { boxToScreen, insideImage } from '../../../canvas/viewport'
import { addBoxes, drawnBox } from '../document'
import { DRAWING, type PointerInput, type Preview, type Stage, type Tool } from './tool'

/** A rectangle smaller than this on the screen (pixels, both sides) is a click, not a box. */
const CLICK_SLOP = 4

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'dragging'; readonly start: Point; readonly now: Point }
  | { readonly name: 'placing'; readonly start: Point; readonly now: Point }
  | { readonly name: 'placed'; readonly start: Point; readonly now: Point }

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
    const point = insideImage(this.stage.viewport, at)
    const second = this.state.name === 'placing'
    this.state = second
      ? ({ ...this.state, name: 'placed', now: point } as State)
      : { name: 'dragging', start: point, now: point }
  }

  pointerMove(at: PointerInput): void {
    if (this.state.name === 'idle') return
    this.state = { ...this.state, now: insideImage(this.stage.viewport, at) }
  }

  pointerUp(at: PointerInput): void {
    const { state } = this
    if (state.name === 'idle' || state.name === 'placing') return
    const now = insideImage(this.stage.viewport, at)
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
    return { boxes: new Map([[DRAWING, spanning(state.start, state.now)]]), marquee: null, focus: state.now }
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
