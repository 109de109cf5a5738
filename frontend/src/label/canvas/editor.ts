/**
 * The editor of one image: document, viewport, selection and tool in one observable state. Plain TypeScript; the React
 * shell only hands events in and reads the state out.
 */

import { boxHeight, boxWidth, type Point, type Size } from '../../canvas/box'
import { fitted, resizedScreen, type Viewport, zoomedToBox } from '../../canvas/viewport'
import type { Content, LabelBox, Suggestion } from './content'
import {
  type Change,
  commit,
  type LabelDocument,
  newBoxId,
  openDocument,
  redo,
  type StepName,
  undo,
} from './document'
import { NO_REVIEW, type ReviewView } from './reviewView'
import { boxOf, pendingOf, placeOf } from './suggestions'
import { DrawTool } from './tools/draw'
import { boxesAt } from './tools/hit'
import { PanTool } from './tools/pan'
import { SelectTool } from './tools/select'
import type { PointerInput, Preview, Stage, Tool, ToolName } from './tools/tool'

export type Prediction = { readonly class_id: number; readonly box: LabelBox['box']; readonly score: number }

/** What is shown and how; none of it is part of the labels. */
export type Look = {
  readonly boxes: boolean
  readonly names: boolean
  readonly suggestions: boolean
  readonly predictions: boolean
  readonly hiddenClasses: ReadonlySet<number>
  /** 1 is the picture as it is. */
  readonly brightness: number
  readonly contrast: number
}

export const PLAIN_LOOK: Look = {
  boxes: true,
  names: true,
  suggestions: true,
  predictions: false,
  hiddenClasses: new Set(),
  brightness: 1,
  contrast: 1,
}

export type EditorState = {
  readonly document: LabelDocument
  readonly viewport: Viewport
  readonly tool: ToolName
  readonly selection: readonly string[]
  readonly hover: string | null
  readonly activeClass: number
  /** The suggestion that is being looked at. */
  readonly suggestion: number | null
  readonly look: Look
  readonly pointer: Point | null
  readonly preview: Preview | null
  readonly review: ReviewView
}

export type EditorInput = {
  readonly image: Size
  readonly content: Content
  readonly suggestions?: readonly Suggestion[]
  readonly predictions?: readonly Prediction[]
  readonly activeClass: number
  readonly look?: Look
}

/** Where copied boxes stay when the next task is opened. */
export type Clipboard = { image: Size | null; boxes: readonly LabelBox[] }

export class Editor implements Stage {
  readonly predictions: readonly Prediction[]
  private current: EditorState
  private readonly listeners = new Set<() => void>()
  private readonly tools: Record<ToolName, Tool>
  private held: Tool | null = null

  constructor(input: EditorInput) {
    this.predictions = input.predictions ?? []
    this.current = {
      document: openDocument(input.image, input.content, input.suggestions),
      viewport: fitted(input.image, { width: 0, height: 0 }),
      tool: 'select',
      selection: [],
      hover: null,
      activeClass: input.activeClass,
      suggestion: null,
      look: input.look ?? PLAIN_LOOK,
      pointer: null,
      preview: null,
      review: NO_REVIEW,
    }
    this.tools = { select: new SelectTool(this), draw: new DrawTool(this), pan: new PanTool(this) }
  }

  // reading

  get state(): EditorState {
    return this.current
  }
  get image(): Size {
    return this.current.document.image
  }
  get content(): Content {
    return this.current.document.now
  }
  get viewport(): Viewport {
    return this.current.viewport
  }
  get selection(): readonly string[] {
    return this.current.selection
  }
  get activeClass(): number {
    return this.current.activeClass
  }
  get suggestions(): readonly Suggestion[] {
    return this.current.document.suggestions
  }
  get tool(): Tool {
    return this.held ?? this.tools[this.current.tool]
  }

  visibleBoxes(): readonly LabelBox[] {
    const { boxes, hiddenClasses } = this.current.look
    if (!boxes) return []
    return this.content.boxes.filter((box) => !hiddenClasses.has(box.class_id))
  }

  selectedBoxes(): readonly LabelBox[] {
    return this.content.boxes.filter((box) => this.selection.includes(box.id))
  }

  focusedSuggestion(): Suggestion | undefined {
    return this.suggestions.find((one) => one.id === this.current.suggestion)
  }

  newId(): string {
    return newBoxId()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  // changing

  commit(name: StepName, change: Change, mergeKey?: string): void {
    this.setDocument(commit(this.current.document, name, change, mergeKey))
  }

  undo(): void {
    this.setDocument(undo(this.current.document))
  }

  redo(): void {
    this.setDocument(redo(this.current.document))
  }

  select(ids: readonly string[]): void {
    const [only, ...others] = ids
    const suggestion = this.suggestions.find((one) => boxOf(this.content, one)?.id === only)
    const about = only !== undefined && others.length === 0 && suggestion ? suggestion.id : null
    this.set({ selection: ids, suggestion: about })
  }

  setViewport(viewport: Viewport): void {
    this.set({ viewport })
  }

  setScreen(screen: Size): void {
    const { viewport } = this.current
    const unseen = viewport.screen.width === 0 || viewport.screen.height === 0
    this.set({ viewport: unseen ? fitted(this.image, screen) : resizedScreen(viewport, screen) })
  }

  setTool(tool: ToolName): void {
    this.tool.cancel()
    this.set({ tool, preview: null })
  }

  setActiveClass(activeClass: number): void {
    this.set({ activeClass })
  }

  setLook(look: Partial<Look>): void {
    this.set({ look: { ...this.current.look, ...look } })
  }

  setReview(part: Partial<ReviewView>): void {
    this.set({ review: { ...this.current.review, ...part } })
  }

  setHover(hover: string | null): void {
    if (hover !== this.current.hover) this.set({ hover })
  }

  /** Looks at a suggestion: its object is selected and the image zooms to it. */
  focusSuggestion(id: number, zoom = true): void {
    const suggestion = this.suggestions.find((one) => one.id === id)
    if (!suggestion) return
    const object = boxOf(this.content, suggestion)
    const place = placeOf(suggestion)
    this.set({
      suggestion: id,
      selection: object ? [object.id] : [],
      viewport: zoom && place ? zoomedToBox(this.viewport, place) : this.viewport,
      look: { ...this.current.look, boxes: true, suggestions: true },
    })
  }

  /** The next suggestion without a verdict after the one looked at, round and round. */
  nextSuggestion(step: 1 | -1): Suggestion | undefined {
    const order = this.suggestions
    const from = order.findIndex((one) => one.id === this.current.suggestion)
    const pending = new Set(pendingOf(this.content, order))
    for (let distance = 1; distance <= order.length; distance += 1) {
      const start = from < 0 && step < 0 ? order.length : from
      const candidate = order[(start + step * distance + 2 * order.length) % order.length]
      if (candidate && pending.has(candidate)) return candidate
    }
    return undefined
  }

  /** Selects a box from the list and brings it into view if it is out of sight or too small to see. */
  reveal(id: string): void {
    this.select([id])
    const box = this.content.boxes.find((one) => one.id === id)
    if (box && !this.inSight(box)) this.setViewport(zoomedToBox(this.viewport, box.box))
  }

  private inSight({ box }: LabelBox): boolean {
    const { x, y, scale, screen } = this.viewport
    const large = Math.max(boxWidth(box), boxHeight(box)) * scale >= 12
    return (
      large &&
      x + box[0] * scale >= 0 &&
      y + box[1] * scale >= 0 &&
      x + box[2] * scale <= screen.width &&
      y + box[3] * scale <= screen.height
    )
  }

  // pointer events, forwarded to the tool

  pointerDown(at: PointerInput, middleButton = false): void {
    if (middleButton && !this.tool.busy) this.held = this.tools.pan
    this.tool.pointerDown(at)
    this.afterPointer(at)
  }

  pointerMove(at: PointerInput): void {
    this.tool.pointerMove(at)
    this.afterPointer(at)
    if (!this.tool.busy) this.setHover(boxesAt(this.viewport, this.visibleBoxes(), at)[0]?.id ?? null)
  }

  pointerUp(at: PointerInput): void {
    this.tool.pointerUp(at)
    if (this.held && !this.spaceDown) this.held = null
    this.afterPointer(at)
  }

  pointerLeave(): void {
    this.set({ pointer: null, hover: null })
  }

  /** Ends a gesture without a trace; false where there was none. */
  cancel(): boolean {
    const { busy } = this.tool
    this.tool.cancel()
    this.set({ preview: null })
    return busy
  }

  private spaceDown = false

  /** The space bar turns any tool into a hand while it is held, but not in the middle of a gesture. */
  holdPan(down: boolean): void {
    this.spaceDown = down
    if (down && !this.tool.busy) this.held = this.tools.pan
    if (!down && this.held && !this.held.busy) this.held = null
    this.set({})
  }

  private afterPointer(at: PointerInput): void {
    this.set({ pointer: { x: at.x, y: at.y }, preview: this.tool.preview() })
  }

  private setDocument(document: LabelDocument): void {
    if (document === this.current.document) return
    const known = new Set(document.now.boxes.map((box) => box.id))
    this.set({ document, selection: this.selection.filter((id) => known.has(id)) })
  }

  private set(part: Partial<EditorState>): void {
    this.current = { ...this.current, ...part }
    for (const listener of this.listeners) listener()
  }
}
