import type { FinerShape } from '../../../api/types'
import type { Point, Size, Xyxy } from '../../../canvas/box'
import type { PointAt } from '../../../canvas/points'
import type { Viewport } from '../../../canvas/viewport'
import type { LabelBox } from '../content'
import type { Change, StepName } from '../document'
import type { Guide, Snap, Snapped } from '../snap'

/** A pointer event in screen pixels of the stage, without anything of the browser. */
export type PointerInput = Point & {
  readonly shift: boolean
  readonly alt: boolean
  /** Fingers need larger targets than a mouse. */
  readonly coarse: boolean
  /** Ctrl or Cmd is held: nothing snaps. */
  readonly free?: boolean
}

export type ToolName = 'select' | 'draw' | 'polygon' | 'turned' | 'brush' | 'erase' | 'click' | 'fill' | 'pan'

/** The point of a polygon that keys are for, by the id of its box. */
export type FocusedPoint = PointAt & { readonly id: string }

/** What a tool shows while it is at work; nothing of it is in the document yet. */
export type Preview = {
  /** Boxes as they would be, by id; a box that is being drawn has the id `drawing`. */
  readonly boxes: ReadonlyMap<string, Xyxy>
  /** Shape of the one box that is being drawn or reshaped; without it shapes go along with their boxes. */
  readonly shape?: FinerShape
  /** Selection rectangle, image pixels. */
  readonly marquee: Xyxy | null
  /** The edge or corner that is being placed, image pixels: the loupe looks here. */
  readonly focus: Point | null
  /** What the dragged edges have snapped to. */
  readonly guides?: readonly Guide[]
  /** What is drawn will be cut out. */
  readonly cuts?: boolean
  /** A stroke of the brush, image pixels. */
  readonly stroke?: { readonly points: readonly Point[]; readonly radius: number; readonly erases: boolean }
}

export const DRAWING = 'drawing'

/** What a tool may see and do. The editor is one; a test is another. */
export interface Stage {
  readonly image: Size
  readonly viewport: Viewport
  readonly selection: readonly string[]
  readonly activeClass: number
  /** Width of the brush, image pixels. */
  readonly brush: number
  /** Boxes that are shown, in the order of the list. */
  visibleBoxes(): readonly LabelBox[]
  /** Boxes that can be hit in an area (image pixels), topmost last. */
  reachable(area: Xyxy): readonly LabelBox[]
  box(id: string | undefined): LabelBox | undefined
  isShown(box: LabelBox): boolean
  isLocked(box: LabelBox): boolean
  /** Where dragged edges go; `except` are the boxes that are dragged themselves. */
  snap(edges: Snap['edges'], at: PointerInput, except?: ReadonlySet<string>): Snapped
  setViewport(viewport: Viewport): void
  select(ids: readonly string[]): void
  /** The point of a polygon that keys are for. */
  focusPoint(point: FocusedPoint | null): void
  commit(name: StepName, change: Change, mergeKey?: string): void
  newId(): string
}

/**
 * A tool is a small state machine whose methods are the events. `pointerMove` is called with and without a button;
 * `cancel` (Escape, change of tool, lost pointer) brings it back to idle without a trace.
 */
export interface Tool {
  readonly name: ToolName
  /** True between the first and the last event of a gesture. */
  readonly busy: boolean
  pointerDown(at: PointerInput): void
  pointerMove(at: PointerInput): void
  pointerUp(at: PointerInput): void
  cancel(): void
  /** A key while the gesture goes on; true where the tool has taken it. */
  key?(word: string): boolean
  /** CSS cursor for the pointer at `at`. */
  cursor(at: PointerInput): string
  preview(): Preview | null
}
