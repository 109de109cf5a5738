import {
  type Handle,
  handleAfterFlip,
  handlePoint,
  type Point,
  resizedTo,
  spanning,
  type Xyxy,
} from '../../../canvas/box'
import { insideImage, pannedBy, toImage } from '../../../canvas/viewport'
import type { LabelBox } from '../content'
import { findBox, moveBoxes, setBox } from '../document'
import { boxesAt, handleAt } from './hit'
import type { PointerInput, Preview, Stage, Tool } from './tool'

/** A press that moves less than this (screen pixels) is a click. */
const CLICK_SLOP = 3

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'pressing'; readonly start: PointerInput; readonly under: readonly LabelBox[] }
  | { readonly name: 'panning'; readonly last: Point }
  | { readonly name: 'moving'; readonly start: Point; readonly shift: Point }
  | {
      readonly name: 'resizing'
      readonly id: string
      readonly handle: Handle
      readonly box: Xyxy
      readonly now: Xyxy
      readonly at: Point
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
 * Select, move, resize. Press on a handle or edge of the selected box: resize. On a box: select, drag moves all that are
 * selected. On nothing: drag pans, a click lets go, Shift and drag selects what the rectangle touches. Alt and click
 * takes the next box under the pointer.
 */
export class SelectTool implements Tool {
  readonly name = 'select'
  private state: State = IDLE
  private readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  get busy(): boolean {
    return this.state.name !== 'idle'
  }

  pointerDown(at: PointerInput): void {
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
      }
      return
    }
    this.state = {
      name: 'pressing',
      start: at,
      under: boxesAt(this.stage.viewport, this.stage.visibleBoxes(), at),
    }
  }

  pointerMove(at: PointerInput): void {
    const { state } = this
    if (state.name === 'pressing' && distance(state.start, at) >= CLICK_SLOP)
      this.startDrag(state.start, state.under)
    if (this.state.name !== 'idle') this.drag(at)
  }

  pointerUp(at: PointerInput): void {
    const { state } = this
    this.state = IDLE
    if (state.name === 'pressing') this.click(at, state.under)
    if (state.name === 'moving') this.drop(state.shift)
    if (state.name === 'resizing') this.stage.commit('resize', setBox(state.id, state.now, this.stage.image))
    if (state.name === 'marquee') this.selectTouched(spanning(state.start, state.now))
  }

  cancel(): void {
    this.state = IDLE
  }

  cursor(at: PointerInput): string {
    const { state } = this
    if (state.name === 'resizing') return CURSORS[state.handle]
    if (state.name === 'moving') return 'move'
    if (state.name === 'panning') return 'grabbing'
    const held = this.heldHandle(at)
    if (held) return CURSORS[held.handle]
    return boxesAt(this.stage.viewport, this.stage.visibleBoxes(), at).length > 0 ? 'move' : 'default'
  }

  preview(): Preview | null {
    const { state } = this
    if (state.name === 'moving') return { boxes: this.movedBoxes(state.shift), marquee: null, focus: null }
    if (state.name === 'resizing')
      return { boxes: new Map([[state.id, state.now]]), marquee: null, focus: state.at }
    if (state.name !== 'marquee') return null
    return { boxes: new Map(), marquee: spanning(state.start, state.now), focus: null }
  }

  private heldHandle(at: PointerInput): { box: LabelBox; handle: Handle } | null {
    const [id, ...others] = this.stage.selection
    const box = this.stage.visibleBoxes().find((one) => one.id === id)
    if (!box || others.length > 0 || at.alt) return null
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
      this.state = { name: 'moving', start: point, shift: { x: 0, y: 0 } }
    }
  }

  private drag(at: PointerInput): void {
    const { state, stage } = this
    const point = toImage(stage.viewport, at)
    if (state.name === 'panning') {
      stage.setViewport(pannedBy(stage.viewport, at.x - state.last.x, at.y - state.last.y))
      this.state = { name: 'panning', last: at }
    } else if (state.name === 'moving') {
      this.state = { ...state, shift: { x: point.x - state.start.x, y: point.y - state.start.y } }
    } else if (state.name === 'marquee') {
      this.state = { ...state, now: point }
    } else if (state.name === 'resizing') {
      this.state = this.resized(state, insideImage(stage.viewport, at))
    }
  }

  private resized(state: Extract<State, { name: 'resizing' }>, to: Point): State {
    const now = resizedTo(state.box, state.handle, to, this.stage.image)
    const fixed = handlePoint(state.box, opposite(state.handle))
    return { ...state, now, at: handlePoint(now, handleAfterFlip(state.handle, fixed, to)) }
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
    stage.commit('move', moveBoxes(stage.selection, shift.x, shift.y, stage.image))
  }

  private movedBoxes(shift: Point): ReadonlyMap<string, Xyxy> {
    const { stage } = this
    const content = { boxes: stage.visibleBoxes(), decisions: {} }
    const moved = moveBoxes(stage.selection, shift.x, shift.y, stage.image)(content)
    return new Map(
      stage.selection.flatMap((id) => {
        const box = findBox(moved, id)
        return box ? [[id, box.box] as const] : []
      }),
    )
  }

  private selectTouched(area: Xyxy): void {
    const touched = this.stage.visibleBoxes().filter(({ box }) => overlaps(box, area))
    this.stage.select([...new Set([...this.stage.selection, ...touched.map((box) => box.id)])])
  }
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

function overlaps(a: Xyxy, b: Xyxy): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

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
