/** The two tools that a detector helps: click on objects, and go through ghosts. */

import { boxArea, contains, type Point } from '../../canvas/box'
import { pannedBy, toImage } from '../../canvas/viewport'
import { DrawTool } from '../canvas/tools/draw'
import type { PointerInput, Preview, Tool } from '../canvas/tools/tool'
import type { AssistDesk } from './desk'
import type { Offer } from './offers'
import { ghostsOf } from './state'
import { offersFor, takeAt, takeGhosts } from './taking'

/** A press that moves less than this (screen pixels, both ways) is a click. */
const CLICK_SLOP = 4

const isDrag = (from: Point, to: Point): boolean =>
  Math.max(Math.abs(from.x - to.x), Math.abs(from.y - to.y)) >= CLICK_SLOP

/** A click takes the box that the detector has for the object there; dragging draws one by hand. */
export class ClickTool implements Tool {
  readonly name = 'click'
  private pressed: PointerInput | null = null
  private readonly drawing: DrawTool
  private readonly editor: AssistDesk

  constructor(editor: AssistDesk) {
    this.editor = editor
    this.drawing = new DrawTool(editor)
  }

  get busy(): boolean {
    return this.pressed !== null || this.drawing.busy
  }

  pointerDown(at: PointerInput): void {
    if (this.drawing.busy) this.drawing.pointerDown(at)
    else this.pressed = at
  }

  pointerMove(at: PointerInput): void {
    if (this.pressed && isDrag(this.pressed, at)) this.startDrawing(this.pressed)
    if (this.drawing.busy) this.drawing.pointerMove(at)
    else if (!this.pressed) this.editor.aimAt(this.bestAt(at))
  }

  pointerUp(at: PointerInput): void {
    if (this.pressed) takeAt(this.editor, toImage(this.editor.viewport, this.pressed))
    else this.drawing.pointerUp(at)
    this.pressed = null
  }

  cancel(): void {
    this.pressed = null
    this.drawing.cancel()
    this.editor.aimAt(null)
  }

  cursor(): string {
    return 'crosshair'
  }

  preview(): Preview | null {
    return this.drawing.preview()
  }

  private startDrawing(from: PointerInput): void {
    this.editor.aimAt(null)
    this.pressed = null
    this.drawing.pointerDown(from)
  }

  private bestAt(at: PointerInput): Offer | null {
    return offersFor(this.editor, toImage(this.editor.viewport, at))[0] ?? null
  }
}

/** A click takes the ghost there; dragging moves the image. */
export class FillTool implements Tool {
  readonly name = 'fill'
  private pressed: Point | null = null
  private last: Point | null = null
  private readonly editor: AssistDesk

  constructor(editor: AssistDesk) {
    this.editor = editor
  }

  get busy(): boolean {
    return this.pressed !== null
  }

  pointerDown(at: PointerInput): void {
    this.pressed = at
  }

  pointerMove(at: PointerInput): void {
    if (this.pressed && (this.last || isDrag(this.pressed, at))) this.pan(at)
    else if (!this.pressed) this.lookAt(this.ghostAt(at))
  }

  pointerUp(at: PointerInput): void {
    const ghost = this.pressed && !this.last ? this.ghostAt(at) : null
    this.cancel()
    if (ghost) takeGhosts(this.editor, [ghost])
  }

  cancel(): void {
    this.pressed = null
    this.last = null
  }

  cursor(at: PointerInput): string {
    if (this.last) return 'grabbing'
    return this.ghostAt(at) ? 'pointer' : 'grab'
  }

  preview(): Preview | null {
    return null
  }

  private pan(at: Point): void {
    const from = this.last ?? this.pressed ?? at
    this.editor.setViewport(pannedBy(this.editor.viewport, at.x - from.x, at.y - from.y))
    this.last = at
  }

  private lookAt(ghost: Offer | null): void {
    const { focused } = this.editor.state.assist
    if (ghost && ghost.index !== focused) this.editor.setAssist({ focused: ghost.index })
  }

  /** The smallest under the pointer. */
  private ghostAt(at: Point): Offer | null {
    const point = toImage(this.editor.viewport, at)
    const under = ghostsOf(this.editor.state).filter(({ box }) => contains(box, point))
    return under.sort((a, b) => boxArea(a.box) - boxArea(b.box))[0] ?? null
  }
}
