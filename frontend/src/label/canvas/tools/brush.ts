import type { Point } from '../../../canvas/box'
import { maskOf, type Pixels, paintStroke, pixelsOfShape } from '../../../canvas/pixels'
import { boxAround, type FinerShape } from '../../../canvas/shape'
import { toPolygon } from '../../../canvas/shapeKinds'
import { insideImage } from '../../../canvas/viewport'
import { setShape } from '../boxShapes'
import type { LabelBox } from '../content'
import { addBoxes, drawnBox, removeBoxes } from '../document'
import type { PointerInput, Preview, Stage, Tool } from './tool'

/** Screen pixels from one point of a stroke to the next. */
const STRIDE = 2

type State = { readonly points: readonly Point[]; readonly erases: boolean }

/** Paints the mask of the selected object, or of a new one; the eraser, or Alt, takes pixels away. A stroke is a step. */
export class BrushTool implements Tool {
  private state: State | null = null
  private readonly stage: Stage
  readonly name: 'brush' | 'erase'

  constructor(stage: Stage, name: 'brush' | 'erase') {
    this.stage = stage
    this.name = name
  }

  get busy(): boolean {
    return this.state !== null
  }

  pointerDown(at: PointerInput): void {
    this.state = { points: [this.point(at)], erases: at.alt !== (this.name === 'erase') }
  }

  pointerMove(at: PointerInput): void {
    const { state } = this
    if (!state) return
    const now = this.point(at)
    const last = state.points.at(-1) ?? now
    const far = Math.hypot(now.x - last.x, now.y - last.y) * this.stage.viewport.scale >= STRIDE
    if (far) this.state = { ...state, points: [...state.points, now] }
  }

  pointerUp(): void {
    const { state } = this
    this.state = null
    if (!state) return
    const target = this.target()
    if (target) this.repaint(target, state)
    else if (!state.erases) this.begin(state)
  }

  cancel(): void {
    this.state = null
  }

  cursor(): string {
    return 'none'
  }

  preview(): Preview | null {
    if (!this.state) return null
    const { points, erases } = this.state
    return {
      boxes: new Map(),
      marquee: null,
      focus: null,
      stroke: { points, radius: this.stage.brush / 2, erases },
    }
  }

  private begin(state: State): void {
    const { stage } = this
    const shape = this.painted(new Uint8Array(stage.image.width * stage.image.height), state)
    if (!shape) return
    const box = drawnBox(stage.newId(), stage.activeClass, boxAround(shape, stage.image), stage.image)
    stage.commit('draw', addBoxes([{ ...box, shape }]))
    stage.select([box.id])
  }

  /** An object whose last pixel was taken away goes. */
  private repaint(target: LabelBox, state: State): void {
    const { stage } = this
    const shape = this.painted(pixelsOfShape(target.shape ?? toPolygon(target), stage.image), state)
    if (shape) stage.commit('reshape', setShape(target.id, shape, stage.image))
    else stage.commit('delete', removeBoxes([target.id]))
  }

  private painted(pixels: Pixels, { points, erases }: State): FinerShape | null {
    paintStroke(pixels, this.stage.image, points, this.stage.brush / 2, erases ? 0 : 1)
    return maskOf(pixels, this.stage.image)
  }

  private target(): LabelBox | null {
    const [id, ...others] = this.stage.selection
    const box = others.length === 0 ? this.stage.box(id) : undefined
    return box && this.stage.isShown(box) ? box : null
  }

  private point = (at: PointerInput): Point => insideImage(this.stage.viewport, at)
}
