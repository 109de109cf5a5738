import {
  boxArea,
  distanceToOutline,
  HANDLES,
  type Handle,
  handlePoint,
  type Point,
  type Xyxy,
} from '../../../canvas/box'
import { isOn, screenDistance } from '../../../canvas/hits'
import { boxToScreen, toImage, type Viewport } from '../../../canvas/viewport'
import type { LabelBox } from '../content'
import type { PointerInput, Stage } from './tool'

/** Screen pixels around a handle and around an outline that count as on it. */
const REACH = { fine: 7, coarse: 16 }
/** Below this side (screen pixels) the handles at the middle of a side would cover the corners. */
const ROOM_FOR_MIDDLES = 28

const reachOf = (at: PointerInput): number => (at.coarse ? REACH.coarse : REACH.fine)

/** The handles that a box of this size on the screen offers: always the corners, the middles if there is room. */
export function handlesFor(width: number, height: number): readonly Handle[] {
  return HANDLES.filter((handle) => {
    if (handle === 'n' || handle === 's') return width >= ROOM_FOR_MIDDLES
    return handle === 'e' || handle === 'w' ? height >= ROOM_FOR_MIDDLES : true
  })
}

/** The handle of `box` under the pointer, the nearest where two are in reach. */
export function handleAt(view: Viewport, box: LabelBox, at: PointerInput): Handle | null {
  return handlePointAt(view, box, at) ?? edgeAt(view, box, at)
}

export function handlePointAt(view: Viewport, box: LabelBox, at: PointerInput): Handle | null {
  const screen = boxToScreen(view, box.box)
  let nearest: Handle | null = null
  let least = reachOf(at)
  for (const handle of handlesFor(screen[2] - screen[0], screen[3] - screen[1])) {
    const point = handlePoint(screen, handle)
    const distance = Math.hypot(point.x - at.x, point.y - at.y)
    if (distance < least) {
      nearest = handle
      least = distance
    }
  }
  return nearest
}

/** A whole edge of the selected box can be pulled, not only its handle. */
function edgeAt(view: Viewport, box: LabelBox, at: PointerInput): Handle | null {
  const screen = boxToScreen(view, box.box)
  const reach = reachOf(at) / 2
  if (distanceToOutline(screen, at) > reach) return null
  if (Math.abs(at.x - screen[0]) <= reach) return 'w'
  if (Math.abs(at.x - screen[2]) <= reach) return 'e'
  return Math.abs(at.y - screen[1]) <= reach ? 'n' : 's'
}

/**
 * Boxes under the pointer, best first: an outline in reach beats an interior, then the smaller box, then the one on
 * top. So a small object inside a large one can always be taken.
 */
export function boxesAt(view: Viewport, boxes: readonly LabelBox[], at: PointerInput): readonly LabelBox[] {
  const reach = reachOf(at)
  return boxes
    .map((box, order) => ({ box, order, rank: rankOf(view, box, at, reach) }))
    .filter(({ rank }) => rank !== null)
    .sort(
      (a, b) => (a.rank ?? 0) - (b.rank ?? 0) || boxArea(a.box.box) - boxArea(b.box.box) || b.order - a.order,
    )
    .map(({ box }) => box)
}

/** What can be hit under the pointer, best first; only what lies near is looked at. */
export function boxesUnder(
  stage: Pick<Stage, 'viewport' | 'reachable'>,
  at: PointerInput,
): readonly LabelBox[] {
  const area = around(stage.viewport, at, reachOf(at))
  return boxesAt(stage.viewport, stage.reachable(area), at)
}

/** The square around a place of the screen, in image pixels. */
export function around(view: Viewport, at: Point, reach: number): Xyxy {
  const { x, y } = toImage(view, at)
  const half = reach / view.scale
  return [x - half, y - half, x + half, y + half]
}

function rankOf(view: Viewport, box: LabelBox, at: Point, reach: number): number | null {
  if (screenDistance(view, box, at) <= reach) return 0
  return isOn(box, toImage(view, at)) ? 1 : null
}
