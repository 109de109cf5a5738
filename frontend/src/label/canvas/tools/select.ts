import {
  type Handle,
  handleAfterFlip,
  handlePoint,
  movedBy,
  type Point,
  resizedTo,
  spanning,
  type Xyxy,
} from '../../../canvas/box'
import { insideImage, pannedBy, toImage } from '../../../canvas/viewport'
import type { LabelBox } from '../content'
import { moveBoxes, setBox, sharedShift } from '../document'
import { edgesOf, type Guide } from '../snap'
import { boxesUnder, handleAt } from './hit'
import { PointGesture } from './points'
import type { PointerInput, Preview, Stage, Tool } from './tool'
import { TurnGesture } from './turning'

/** A press that moves less than this (screen pixels) is a click. */
const CLICK_SLOP = 3

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'pressing'; readonly start: PointerInput; readonly under: readonly LabelBox[] }
  | { readonly name: 'panning'; readonly last: Point }
  | {
      readonly name: 'moving'
      readonly start: Point
      readonly shift: Point
      readonly guides: readonly Guide[]
    }
  | {
      readonly name: 'resizing'
      readonly id: string
      readonly handle: Handle
      readonly box: Xyxy
      readonly now: Xyxy
      readonly at: Point
      readonly guides: readonly Guide[]
    }
  | { readonly name: 'marquee'; readonly start: Point; readonly now: Point }

const IDLE: State = { name: 'idle' }
const CURSORS: Record<Handle, string> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  e: 'ew-resize',
  w: 'ew-resize',
}

/**
 * Select, move, resize; points of a polygon are `points.ts`'s. Press on a handle or edge of the selected box: resize. On a box: select, drag moves all that are
 * selected. On nothing: drag pans, a click lets go, Shift and drag selects what the rectangle touches. Alt and click
 * takes the next box under the pointer.
 */
export class SelectTool implements Tool {
  readonly name = 'select'
  private state: State = IDLE
  private readonly stage: Stage
  private readonly points: PointGesture
  private readonly turning: TurnGesture

  constructor(stage: Stage) {
    this.stage = stage
    this.points = new PointGesture(stage)
    this.turning = new TurnGesture(stage)
  }

  get busy(): boolean {
    return this.state.name !== 'idle' || this.points.busy || this.turning.busy
  }

  pointerDown(at: PointerInput): void {
    if (this.turning.begin(at) || this.points.begin(at)) return
    const held = this.heldHandle(at)
    if (held) {
      const { box, handle } = held
      this.state = {
        name: 'resizing',
        id: box.id,
        handle,
        box: box.box,
        now: box.box,
        at: handlePoint(box.box, handle),
        guides: [],
      }
      return
    }
    this.state = { name: 'pressing', start: at, under: boxesUnder(this.stage, at) }
  }

  pointerMove(at: PointerInput): void {
    if (this.points.busy || this.turning.busy) {
      this.points.move(at)
      this.turning.move(at)
      return
    }
    const { state } = this
    if (state.name === 'pressing' && distance(state.start, at) >= CLICK_SLOP)
      this.startDrag(state.start, state.under)
    if (this.state.name !== 'idle') this.drag(at)
  }

  pointerUp(at: PointerInput): void {
    if (this.points.busy || this.turning.busy) {
      this.points.end()
      this.turning.end()
      return
    }
    const { state } = this
    this.state = IDLE
    if (state.name === 'pressing') this.click(at, state.under)
    if (state.name === 'moving') this.drop(state.shift)
    if (state.name === 'resizing') this.stage.commit('resize', setBox(state.id, state.now, this.stage.image))
    if (state.name === 'marquee') this.selectTouched(spanning(state.start, state.now))
  }

  cancel(): void {
    this.points.cancel()
    this.turning.cancel()
    this.state = IDLE
  }

  cursor(at: PointerInput): string {
    const { state } = this
    if (state.name === 'resizing') return CURSORS[state.handle]
    if (state.name === 'moving') return 'move'
    if (state.name === 'panning') return 'grabbing'
    const overPoint = this.turning.cursor(at) ?? this.points.cursor(at)
    if (overPoint) return overPoint
    const held = this.heldHandle(at)
    if (held) return CURSORS[held.handle]
    return boxesUnder(this.stage, at).length > 0 ? 'move' : 'default'
  }

  preview(): Preview | null {
    if (this.turning.busy) return this.turning.preview()
    if (this.points.busy) return this.points.preview()
    const { state } = this
    const { guides } = state as { guides?: readonly Guide[] }
    if (state.name === 'moving')
      return { boxes: this.movedBoxes(state.shift), marquee: null, focus: null, guides: guides ?? [] }
    if (state.name === 'resizing')
      return { boxes: new Map([[state.id, state.now]]), marquee: null, focus: state.at, guides: guides ?? [] }
    if (state.name !== 'marquee') return null
    return { boxes: new Map(), marquee: spanning(state.start, state.now), focus: null }
  }

  private heldHandle(at: PointerInput): { box: LabelBox; handle: Handle } | null {
    const [id, ...others] = this.stage.selection
    const box = this.stage.box(id)
    if (!box || others.length > 0 || at.alt) return null
    if (!this.stage.isShown(box) || this.stage.isLocked(box)) return null
    const handle = handleAt(this.stage.viewport, box, at)
    return handle ? { box, handle } : null
  }

  private startDrag(start: PointerInput, under: readonly LabelBox[]): void {
    const point = toImage(this.stage.viewport, start)
    const [top] = under
    if (start.shift && !top) this.state = { name: 'marquee', start: point, now: point }
    else if (!top) this.state = { name: 'panning', last: start }
    else {
      if (!under.some((box) => this.stage.selection.includes(box.id))) this.stage.select([top.id])
      this.state = { name: 'moving', start: point, shift: { x: 0, y: 0 }, guides: [] }
    }
  }

  private drag(at: PointerInput): void {
    const { state, stage } = this
    const point = toImage(stage.viewport, at)
    if (state.name === 'panning') {
      stage.setViewport(pannedBy(stage.viewport, at.x - state.last.x, at.y - state.last.y))
      this.state = { name: 'panning', last: at }
    } else if (state.name === 'moving') {
      this.state = { ...state, ...this.moved(point.x - state.start.x, point.y - state.start.y, at) }
    } else if (state.name === 'marquee') {
      this.state = { ...state, now: point }
    } else if (state.name === 'resizing') {
      this.state = this.resized(state, insideImage(stage.viewport, at), at)
    }
  }

  private resized(state: Extract<State, { name: 'resizing' }>, free: Point, at: PointerInput): State {
    const fixed = handlePoint(state.box, opposite(state.handle))
    const loose = resizedTo(state.box, state.handle, free, this.stage.image)
    const edges = edgesOf(loose, sidesOf(handleAfterFlip(state.handle, fixed, free)))
    const { dx, dy, guides } = this.stage.snap(edges, at, new Set([state.id]))
    const to = { x: free.x + dx, y: free.y + dy }
    const now = resizedTo(state.box, state.handle, to, this.stage.image)
    return { ...state, now, guides, at: handlePoint(now, handleAfterFlip(state.handle, fixed, to)) }
  }

  /** The shift of a move; a single box lines up with what its edges come near. */
  private moved(x: number, y: number, at: PointerInput): { shift: Point; guides: readonly Guide[] } {
    const [only, ...others] = this.dragged()
    if (!only || others.length > 0) return { shift: { x, y }, guides: [] }
    const { box } = only
    const place = movedBy(box, x, y, this.stage.image)
    const { dx, dy, guides } = this.stage.snap(edgesOf(place, ['n', 's', 'w', 'e']), at, new Set([only.id]))
    return { shift: { x: place[0] - box[0] + dx, y: place[1] - box[1] + dy }, guides }
  }

  private dragged(): LabelBox[] {
    const boxes = this.stage.selection.flatMap((id) => this.stage.box(id) ?? [])
    return boxes.filter((box) => !this.stage.isLocked(box))
  }

  private click(at: PointerInput, under: readonly LabelBox[]): void {
    const { selection } = this.stage
    const ids = under.map((box) => box.id)
    const current = ids.findIndex((id) => selection.includes(id))
    const chosen = at.alt && current >= 0 ? ids[(current + 1) % ids.length] : ids[0]
    if (at.shift) this.stage.select(chosen === undefined ? selection : toggled(selection, chosen))
    else this.stage.select(chosen === undefined ? [] : [chosen])
  }

  private drop(shift: Point): void {
    const { stage } = this
    const ids = this.dragged().map((box) => box.id)
    stage.commit('move', moveBoxes(ids, shift.x, shift.y, stage.image))
  }

  private movedBoxes(shift: Point): ReadonlyMap<string, Xyxy> {
    const { image } = this.stage
    const boxes = this.dragged()
    const [x, y] = sharedShift(boxes, shift.x, shift.y, image)
    return new Map(boxes.map((box) => [box.id, movedBy(box.box, x, y, image)]))
  }

  private selectTouched(area: Xyxy): void {
    const touched = this.stage.reachable(area)
    this.stage.select([...new Set([...this.stage.selection, ...touched.map((box) => box.id)])])
  }
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

const OPPOSITE: Record<Handle, Handle> = {
  nw: 'se',
  n: 's',
  ne: 'sw',
  e: 'w',
  se: 'nw',
  s: 'n',
  sw: 'ne',
  w: 'e',
}
const opposite = (handle: Handle): Handle => OPPOSITE[handle]

/** The sides that a handle drags: `nw` the top and the left one. */
const sidesOf = (handle: Handle) => [...handle] as ('n' | 's' | 'e' | 'w')[]
