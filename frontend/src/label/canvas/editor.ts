/**
 * The editor of one image: document, viewport, selection and tool in one observable state. Plain TypeScript; the React
 * shell only hands events in and reads the state out.
 */

import { boxHeight, boxWidth, type Point, type Size, type Xyxy } from '../../canvas/box'
import {
  fitted,
  type KeptView,
  keptOf,
  resizedScreen,
  type Viewport,
  viewAgain,
  zoomedToBox,
} from '../../canvas/viewport'
import type { Offer } from '../assist/offers'
import { type AssistState, NO_ASSIST } from '../assist/state'
import { focusGhost, takeAt } from '../assist/taking'
import { ClickTool, FillTool } from '../assist/tools'
import { type Schema, withInitialValues } from './attributes'
import { BoxIndex } from './boxIndex'
import type { Content, LabelBox, Suggestion } from './content'
import {
  type Change,
  commit,
  findBox,
  type History,
  type LabelDocument,
  newBoxId,
  openDocument,
  redo,
  type StepName,
  undo,
} from './document'
import { isLocked, type Locks, NO_LOCKS, sparing, toggledAll } from './locks'
import { lookupOf } from './lookup'
import { NO_REVIEW, type ReviewView } from './reviewView'
import { edgesNear, type Snap, snapped } from './snap'
import { boxOf, pendingOf, placeOf } from './suggestions'
import { BrushTool } from './tools/brush'
import { DrawTool } from './tools/draw'
import { boxesUnder } from './tools/hit'
import { PanTool } from './tools/pan'
import { PolygonTool } from './tools/polygon'
import { SelectTool } from './tools/select'
import type { FocusedPoint, PointerInput, Preview, Stage, Tool, ToolName } from './tools/tool'
import { TurnedTool } from './tools/turned'

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
  readonly gamma: number
  /** The picture as it is, whatever the three above say. */
  readonly plain: boolean
  /** Dragged edges go to edges of the image, of boxes and of the picture near them. */
  readonly snap: boolean
  /** Zoom and place go along to the next image. */
  readonly keepView: boolean
  /** Score from which on the detector's boxes are shown to be taken. */
  readonly ghostsFrom: number
  /** Width of the brush, image pixels. */
  readonly brush: number
}

export const PLAIN_LOOK: Look = {
  boxes: true,
  names: true,
  suggestions: true,
  predictions: false,
  hiddenClasses: new Set(),
  brightness: 1,
  contrast: 1,
  gamma: 1,
  plain: false,
  snap: true,
  keepView: false,
  ghostsFrom: 0.3,
  brush: 20,
}

export type EditorState = {
  readonly document: LabelDocument
  readonly viewport: Viewport
  readonly tool: ToolName
  readonly selection: readonly string[]
  readonly hover: string | null
  readonly activeClass: number
  /** Classes used, the latest first. */
  readonly recent: readonly number[]
  /** What has been typed of a class's code, '' right after its first key; null while none is being typed. */
  readonly chord: string | null
  /** The suggestion that is being looked at. */
  readonly suggestion: number | null
  readonly look: Look
  /** Whether the panel for the picture's tones and what is shown is open. */
  readonly lookOpen: boolean
  /** Single boxes that are hidden. */
  readonly hidden: ReadonlySet<string>
  readonly locks: Locks
  /** How often, and how many boxes, a change has met that are locked. */
  readonly spared: { readonly times: number; readonly count: number }
  readonly schema: Schema
  readonly pointer: Point | null
  readonly preview: Preview | null
  /** The point of a polygon that is looked at, whether or not it is there any more. */
  readonly point: FocusedPoint | null
  /** Boxes that the tracks through this frame would have here. */
  readonly ghosts: readonly LabelBox[]
  readonly assist: AssistState
  /** What a click where the pointer is would take. */
  readonly aimed: Offer | null
  readonly review: ReviewView
}

export type EditorInput = {
  readonly image: Size
  readonly content: Content
  readonly suggestions?: readonly Suggestion[]
  readonly predictions?: readonly Prediction[]
  readonly activeClass: number
  readonly look?: Look
  /** Where to look first; without it at the whole image. */
  readonly view?: KeptView | null
  readonly history?: History | undefined
  readonly recent?: readonly number[]
  readonly selection?: readonly string[]
  readonly locks?: Locks
  readonly hidden?: ReadonlySet<string>
  readonly schema?: Schema
}

/** Classes remembered as used: of all datasets together, so rather more than a list shows. */
const MOST_RECENT = 40
const NO_BOXES: readonly LabelBox[] = []
const NOTHING: ReadonlySet<string> = new Set()
/** Steps that take over a whole content, or somebody's word about one: locks do not stand in the way. */
const WHOLE: ReadonlySet<StepName> = new Set<StepName>(['take_theirs', 'restore'])
/** Steps that are done to all of their boxes or not at all. */
const ALL_OR_NONE: ReadonlySet<StepName> = new Set<StepName>(['accept'])
/** Steps that bring boxes as they were; all others draw new ones. */
const OF_OTHERS: ReadonlySet<StepName> = new Set(['take_theirs', 'restore', 'paste'])

/** Where copied boxes stay when the next task is opened. */
export type Clipboard = { image: Size | null; boxes: readonly LabelBox[] }

export class Editor implements Stage {
  readonly predictions: readonly Prediction[]
  private current: EditorState
  private readonly listeners = new Set<() => void>()
  private readonly tools: Record<ToolName, Tool>
  private held: Tool | null = null
  private readonly index = new BoxIndex()
  private readonly firstView: KeptView | null
  /** The picture's brightness around a place, once it has loaded; see snap.ts. */
  private pixels: Snap['pixels'] = null

  constructor(input: EditorInput) {
    this.predictions = input.predictions ?? []
    this.firstView = input.view ?? null
    this.current = {
      document: openDocument(input.image, input.content, input.suggestions, input.history),
      viewport: fitted(input.image, { width: 0, height: 0 }),
      tool: 'select',
      selection: input.selection ?? [],
      hover: null,
      activeClass: input.activeClass,
      recent: input.recent ?? [],
      chord: null,
      suggestion: null,
      look: input.look ?? PLAIN_LOOK,
      lookOpen: false,
      hidden: input.hidden ?? NOTHING,
      locks: input.locks ?? NO_LOCKS,
      spared: { times: 0, count: 0 },
      schema: input.schema ?? [],
      pointer: null,
      preview: null,
      point: null,
      ghosts: [],
      assist: NO_ASSIST,
      aimed: null,
      review: NO_REVIEW,
    }
    this.tools = {
      select: new SelectTool(this),
      draw: new DrawTool(this),
      polygon: new PolygonTool(this),
      turned: new TurnedTool(this),
      brush: new BrushTool(this, 'brush'),
      erase: new BrushTool(this, 'erase'),
      click: new ClickTool(this),
      fill: new FillTool(this),
      pan: new PanTool(this),
    }
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
  get schema(): Schema {
    return this.current.schema
  }
  get activeClass(): number {
    return this.current.activeClass
  }
  get brush(): number {
    return this.current.look.brush
  }
  get suggestions(): readonly Suggestion[] {
    return this.current.document.suggestions
  }
  get tool(): Tool {
    return this.held ?? this.tools[this.current.tool]
  }

  /** All boxes that are shown, in or out of sight, in the order of the list. */
  visibleBoxes(): readonly LabelBox[] {
    const { boxes } = this.content
    if (!this.current.look.boxes) return NO_BOXES
    return this.showsAll() ? boxes : boxes.filter((box) => this.isShown(box))
  }

  isShown(box: LabelBox): boolean {
    const { look, hidden } = this.current
    return look.boxes && !look.hiddenClasses.has(box.class_id) && !hidden.has(box.id)
  }

  private showsAll(): boolean {
    return this.current.look.hiddenClasses.size === 0 && this.current.hidden.size === 0
  }

  /** The boxes that are shown and touch `area` (image pixels), the lowest first. */
  boxesIn(area: Xyxy): readonly LabelBox[] {
    if (!this.current.look.boxes) return NO_BOXES
    this.index.follow(this.content.boxes)
    const found = this.index.within(area)
    return this.showsAll() ? found : found.filter((box) => this.isShown(box))
  }

  /** What the pointer can take hold of: shown and not locked. */
  reachable(area: Xyxy): readonly LabelBox[] {
    return this.boxesIn(area).filter((box) => !this.isLocked(box))
  }

  isLocked(box: LabelBox): boolean {
    return isLocked(this.current.locks, box)
  }

  box(id: string | undefined): LabelBox | undefined {
    return id === undefined ? undefined : findBox(this.content, id)
  }

  selectedBoxes(): readonly LabelBox[] {
    return this.selection.flatMap((id) => this.box(id) ?? [])
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
    const whole = OF_OTHERS.has(name) ? change : withInitialValues(change, this.current.schema)
    this.setDocument(commit(this.current.document, name, this.guarded(name, whole), mergeKey))
  }

  private guarded(name: StepName, change: Change): Change {
    if (WHOLE.has(name)) return change
    return sparing(change, this.current.locks, ALL_OR_NONE.has(name), (count) =>
      this.set({ spared: { times: this.current.spared.times + 1, count } }),
    )
  }

  lockBoxes(ids: readonly string[]): void {
    this.set({ locks: { ...this.current.locks, boxes: toggledAll(this.current.locks.boxes, ids) } })
  }

  lockClass(id: number): void {
    this.set({ locks: { ...this.current.locks, classes: toggledAll(this.current.locks.classes, [id]) } })
  }

  setLocks(locks: Locks): void {
    this.set({ locks })
  }

  setHidden(hidden: ReadonlySet<string>): void {
    this.set({ hidden })
  }

  /** Snaps to the picture from now on. */
  setPixels(pixels: Snap['pixels']): void {
    this.pixels = pixels
  }

  snap(
    edges: Snap['edges'],
    at: PointerInput,
    except: ReadonlySet<string> = NOTHING,
  ): ReturnType<typeof snapped> {
    const on = this.current.look.snap && !at.free
    const { viewport: view, image, pixels } = this
    return snapped(edges, on ? { image, view, pixels, boxes: edgesNear(this, edges, view, except) } : null)
  }

  undo(): void {
    this.setDocument(undo(this.current.document))
  }

  redo(): void {
    this.setDocument(redo(this.current.document))
  }

  select(ids: readonly string[]): void {
    const [only, ...others] = ids
    const suggestion =
      only === undefined ? undefined : this.suggestions.find((one) => boxOf(this.content, one)?.id === only)
    const about = only !== undefined && others.length === 0 && suggestion ? suggestion.id : null
    const point = only === this.current.point?.id && others.length === 0 ? this.current.point : null
    this.set({ selection: ids, suggestion: about, point })
  }

  focusPoint(point: FocusedPoint | null): void {
    this.set({ point })
  }

  setViewport(viewport: Viewport): void {
    this.set({ viewport })
  }

  setScreen(screen: Size): void {
    const { viewport } = this.current
    const unseen = viewport.screen.width === 0 || viewport.screen.height === 0
    this.set({
      viewport: unseen ? viewAgain(this.firstView, this.image, screen) : resizedScreen(viewport, screen),
    })
  }

  /** How the image is looked at, for the next image or the next visit. */
  keptView(): KeptView | null {
    return this.viewport.screen.width === 0 ? this.firstView : keptOf(this.viewport)
  }

  setTool(tool: ToolName): void {
    this.tool.cancel()
    this.set({ tool, preview: null })
  }

  setActiveClass(activeClass: number): void {
    const others = this.current.recent.filter((id) => id !== activeClass)
    this.set({ activeClass, recent: [activeClass, ...others].slice(0, MOST_RECENT) })
  }

  setChord(chord: string | null): void {
    this.set({ chord })
  }

  setLook(look: Partial<Look>): void {
    this.set({ look: { ...this.current.look, ...look } })
  }

  setGhosts(ghosts: readonly LabelBox[]): void {
    this.set({ ghosts })
  }

  setAssist(part: Partial<AssistState>): void {
    this.set({ assist: { ...this.current.assist, ...part } })
  }

  /** What the detector has answered; a click that waited for it is done now. */
  setCandidates(candidates: AssistState['candidates'], checkpoint: number | null): void {
    const { waiting } = this.current.assist
    this.setAssist({ candidates, checkpoint, refused: NO_ASSIST.refused, focused: null })
    if (candidates && waiting && this.current.tool === 'click') takeAt(this, waiting)
    if (this.current.tool === 'fill') focusGhost(this, 1)
  }

  aimAt(aimed: Offer | null): void {
    if (aimed?.index !== this.current.aimed?.index) this.set({ aimed })
  }

  openLook(lookOpen: boolean): void {
    this.set({ lookOpen })
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
    const box = this.box(id)
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
    if (!this.tool.busy) this.setHover(boxesUnder(this, at)[0]?.id ?? null)
  }

  pointerUp(at: PointerInput): void {
    this.tool.pointerUp(at)
    if (this.held && !this.spaceDown) this.held = null
    this.afterPointer(at)
  }

  pointerLeave(): void {
    this.set({ pointer: null, hover: null, aimed: null })
  }

  /** A key for the gesture that goes on; false where it means nothing for it. */
  toolKey(word: string): boolean {
    const taken = this.tool.busy && (this.tool.key?.(word) ?? false)
    if (taken) this.set({ preview: this.tool.preview() })
    return taken
  }

  /** Shows what a change would leave, until something else is shown. */
  showPreview(preview: Preview | null): void {
    this.set({ preview })
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
    const { selection } = this
    const gone = selection.length > 0 && selection.some((id) => !lookupOf(document.now.boxes).byId.has(id))
    const known = (id: string) => lookupOf(document.now.boxes).byId.has(id)
    this.set({ document, selection: gone ? selection.filter(known) : selection })
  }

  private set(part: Partial<EditorState>): void {
    this.current = { ...this.current, ...part }
    for (const listener of this.listeners) listener()
  }
}
