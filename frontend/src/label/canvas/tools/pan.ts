import type { Point } from '../../../canvas/box'
import { pannedBy } from '../../../canvas/viewport'
import type { PointerInput, Preview, Stage, Tool } from './tool'

/** Drags the image about. Also what the space bar and the middle button turn any tool into while they are held. */
export class PanTool implements Tool {
  readonly name = 'pan'
  private last: Point | null = null
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.last !== null
  }

  pointerDown(at: PointerInput): void {
    this.last = at
  }

  pointerMove(at: PointerInput): void {
    if (!this.last) return
    this.stage.setViewport(pannedBy(this.stage.viewport, at.x - this.last.x, at.y - this.last.y))
    this.last = at
  }

  pointerUp(): void {
    this.last = null
  }

  cancel(): void {
    this.last = null
  }

  cursor(): string {
    return this.last ? 'grabbing' : 'grab'
  }

  preview(): Preview | null {
    return null
  }
}
