/** Draws marks on a 2D canvas. Knows nothing of editors or pages; all sizes are CSS pixels, the caller scales for the display. */

import { inkOn } from '../ui/colours'
import { type Handle, handlePoint, type Point, type Size, type Xyxy } from './box'
import { capOf, DASHES, HALO, HALO_WIDTH, haloOf, type Ink, inkOf, LINE, lineOf } from './ink'
import { type Mark, NAME_HEIGHT, placeNames } from './marks'
import { type Drawing, paintHatch, paintShapes } from './paintShapes'
import { boxToScreen, toScreen, type Viewport } from './viewport'

const FONT = '500 11px "Inter Variable", "Noto Sans CJK KR", sans-serif'
/** Above this many screen pixels per image pixel, single pixels are shown as they are. */
const PIXELS_FROM = 3

export { LINE } from './ink'
export type { Drawing } from './paintShapes'

/** Empties the canvas and makes it sharp: its buffer has `ratio` pixels for each CSS pixel. */
export function clear(context: Drawing, screen: Size, ratio: number): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, screen.width, screen.height)
}

export function paintImage(context: Drawing, image: CanvasImageSource, view: Viewport): void {
  context.imageSmoothingEnabled = view.scale < PIXELS_FROM
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, view.x, view.y, view.image.width * view.scale, view.image.height * view.scale)
}

/** No names, names where the box has room for one, or all that do not stand on each other. */
export type Names = 'none' | 'room' | 'all'

/** Boxes with their halo, then names. Plain ones are drawn together, style by style: that spares most of the work. */
export function paintMarks(context: Drawing, marks: readonly Mark[], view: Viewport, names: Names): void {
  const shown = marks.filter((mark) => touches(placed(view, mark), view.screen))
  const boxes = shown.filter((mark) => !mark.shape)
  const special = boxes
    .filter((mark) => !isPlain(mark))
    .sort((a, b) => Number(!!a.selected) - Number(!!b.selected))
  for (const mark of special) if (mark.hatched) paintHatch(context, placed(view, mark), mark.colour)
  paintShapes(
    context,
    shown.filter((mark) => mark.shape),
    view,
  )
  paintPlain(context, boxes.filter(isPlain), view)
  for (const mark of special) paintBox(context, placed(view, mark), { ...mark, hatched: false })
  if (names !== 'none') paintNames(context, shown, view, names === 'all')
}

const isPlain = ({ selected, hovered, filled, hatched, crossed }: Mark): boolean =>
  !selected && !hovered && !filled && !hatched && !crossed

const placed = (view: Viewport, { box, outset }: Mark): Xyxy => grown(boxToScreen(view, box), outset ?? 0)

const touches = ([x1, y1, x2, y2]: Xyxy, { width, height }: Size): boolean =>
  x2 >= -HALO_WIDTH && y2 >= -HALO_WIDTH && x1 <= width + HALO_WIDTH && y1 <= height + HALO_WIDTH

/** All halos first, then the lines of one style after the other. */
function paintPlain(context: Drawing, marks: readonly Mark[], view: Viewport): void {
  const styles = new Map<string, { of: Mark; boxes: [number, number, number, number][] }>()
  for (const mark of marks) {
    const style = `${mark.stroke} ${mark.colour} ${mark.faint}`
    const same = styles.get(style) ?? { of: mark, boxes: [] }
    same.boxes.push(crisp(placed(view, mark)))
    styles.set(style, same)
  }
  context.lineJoin = 'miter'
  for (const { of, boxes } of styles.values()) if (!of.faint) strokeAll(context, haloOf(of), boxes)
  for (const { of, boxes } of styles.values()) strokeAll(context, inkOf(of), boxes)
  context.setLineDash([])
  context.globalAlpha = 1
}

function strokeAll(context: Drawing, ink: Ink, boxes: readonly [number, number, number, number][]): void {
  context.strokeStyle = ink.colour
  context.lineWidth = ink.width
  context.lineCap = ink.cap
  context.globalAlpha = ink.alpha
  context.setLineDash([...ink.dashes])
  for (const box of boxes) context.strokeRect(...box)
}

/** One box on the screen: a dark halo below a thin line, so that it shows on any ground. */
export function paintBox(context: Drawing, box: Xyxy, mark: Omit<Mark, 'box' | 'key' | 'name'>): void {
  const [x, y, width, height] = crisp(box)
  const line = lineOf(mark)
  if (mark.filled || mark.hovered) {
    context.fillStyle = `${mark.colour}${mark.filled ? '2e' : '1f'}`
    context.fillRect(x, y, width, height)
  }
  if (mark.hatched) paintHatch(context, [x, y, x + width, y + height], mark.colour)
  context.lineJoin = 'miter'
  context.lineCap = capOf(mark)
  context.setLineDash([])
  context.strokeStyle = HALO
  context.lineWidth = line + HALO_WIDTH - LINE
  context.strokeRect(x, y, width, height)
  context.setLineDash([...DASHES[mark.stroke]])
  context.strokeStyle = mark.colour
  context.lineWidth = line
  context.strokeRect(x, y, width, height)
  if (mark.crossed) paintCross(context, [x, y, x + width, y + height])
  context.setLineDash([])
}

function paintCross(context: Drawing, [x1, y1, x2, y2]: Xyxy): void {
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.moveTo(x2, y1)
  context.lineTo(x1, y2)
  context.stroke()
}

const grown = ([x1, y1, x2, y2]: Xyxy, by: number): Xyxy => [x1 - by, y1 - by, x2 + by, y2 + by]

/** x, y, width, height on whole half-pixels, so that thin lines are not blurred. */
function crisp([x1, y1, x2, y2]: Xyxy): [number, number, number, number] {
  const snap = (value: number) => Math.round(value * 2) / 2
  return [snap(x1), snap(y1), Math.max(1, snap(x2) - snap(x1)), Math.max(1, snap(y2) - snap(y1))]
}

function paintNames(context: Drawing, marks: readonly Mark[], view: Viewport, crowded: boolean): void {
  context.font = FONT
  context.textBaseline = 'middle'
  const place = (mark: Mark) => grown(placed(view, mark), mark.selected ? CLEAR_OF_HANDLES : 0)
  const names = placeNames(marks, place, measured(context), view.screen, crowded)
  for (const { mark, x, y, width } of names) {
    context.fillStyle = mark.colour
    context.fillRect(x, y, width, NAME_HEIGHT)
    context.fillStyle = inkOn(mark.colour)
    context.fillText(mark.name, x + 4, y + NAME_HEIGHT / 2 + 0.5)
  }
}

/** Screen pixels between a selected box and its name. */
const CLEAR_OF_HANDLES = 8

/** Widths of texts; most marks share their names with others. */
function measured(context: Drawing): (text: string) => number {
  const widths = new Map<string, number>()
  return (text) => {
    const width = widths.get(text) ?? context.measureText(text).width
    widths.set(text, width)
    return width
  }
}

/** Below this side (screen pixels) handles stand outside of the corners, so that one sees what is in the box. */
const TINY = 30

/** Square handles of the selected box. */
export function paintHandles(context: Drawing, box: Xyxy, handles: readonly Handle[], colour: string): void {
  const side = 7
  const tiny = Math.min(box[2] - box[0], box[3] - box[1]) < TINY
  const places = tiny ? grown(box, side / 2 + 1) : box
  context.setLineDash([])
  context.lineWidth = 1.5
  for (const handle of handles) {
    const point = handlePoint(places, handle)
    const x = Math.round(point.x) - side / 2
    const y = Math.round(point.y) - side / 2
    context.strokeStyle = HALO
    context.strokeRect(x - 1, y - 1, side + 2, side + 2)
    context.fillStyle = '#ffffff'
    context.fillRect(x, y, side, side)
    context.strokeStyle = colour
    context.strokeRect(x, y, side, side)
  }
}

/** Two lines across the whole screen through the pointer, to place the first corner exactly. */
export function paintCrosshair(context: Drawing, at: Point, screen: Size): void {
  const x = Math.round(at.x) + 0.5
  const y = Math.round(at.y) + 0.5
  for (const [colour, width] of [
    ['rgba(0, 0, 0, 0.55)', 3],
    ['rgba(255, 255, 255, 0.85)', 1],
  ] as const) {
    context.setLineDash([])
    context.strokeStyle = colour
    context.lineWidth = width
    context.beginPath()
    context.moveTo(x, 0)
    context.lineTo(x, screen.height)
    context.moveTo(0, y)
    context.lineTo(screen.width, y)
    context.stroke()
  }
}

/** A line across the screen on which a dragged edge stands now: to what it snapped, dashed where that is the picture. */
export function paintGuide(
  context: Drawing,
  at: number,
  axis: 'x' | 'y',
  dashed: boolean,
  screen: Size,
): void {
  const place = Math.round(at) + 0.5
  context.setLineDash(dashed ? [4, 4] : [])
  context.lineWidth = 1
  context.strokeStyle = '#ff5cc8'
  context.beginPath()
  context.moveTo(axis === 'x' ? place : 0, axis === 'x' ? 0 : place)
  context.lineTo(axis === 'x' ? place : screen.width, axis === 'x' ? screen.height : place)
  context.stroke()
  context.setLineDash([])
}

export function paintMarquee(context: Drawing, box: Xyxy): void {
  const [x, y, width, height] = crisp(box)
  context.fillStyle = 'rgba(255, 255, 255, 0.12)'
  context.fillRect(x, y, width, height)
  context.setLineDash([4, 3])
  context.lineWidth = 1
  context.strokeStyle = '#ffffff'
  context.strokeRect(x, y, width, height)
  context.setLineDash([])
}

const LOUPE_SIDE = 132
const LOUPE_SCALE = 6
const LOUPE_GAP = 28

/** Where the loupe stands: beside the pointer, on the side where the screen has room. */
export function loupePlace(at: Point, screen: Size): Point {
  const right = at.x + LOUPE_GAP + LOUPE_SIDE <= screen.width
  const below = at.y - LOUPE_GAP - LOUPE_SIDE < 0
  return {
    x: right ? at.x + LOUPE_GAP : at.x - LOUPE_GAP - LOUPE_SIDE,
    y: below ? at.y + LOUPE_GAP : at.y - LOUPE_GAP - LOUPE_SIDE,
  }
}

/** The picture around the edge that is being placed, six times as large as on the screen, with the box on it. */
export function paintLoupe(
  context: Drawing,
  image: CanvasImageSource,
  view: Viewport,
  focus: Point,
  mark: Mark,
  tone = 'none',
): void {
  const at = toScreen(view, focus)
  const place = loupePlace(at, view.screen)
  const scale = Math.max(view.scale * LOUPE_SCALE, PIXELS_FROM)
  const middle = { x: place.x + LOUPE_SIDE / 2, y: place.y + LOUPE_SIDE / 2 }
  const zoomed = { ...view, scale, x: middle.x - focus.x * scale, y: middle.y - focus.y * scale }
  context.save()
  context.beginPath()
  context.rect(place.x, place.y, LOUPE_SIDE, LOUPE_SIDE)
  context.fillStyle = '#000000'
  context.fill()
  context.clip()
  context.filter = tone
  paintImage(context, image, zoomed)
  context.filter = 'none'
  if (mark.shape) paintShapes(context, [mark], zoomed)
  else paintBox(context, boxToScreen(zoomed, mark.box), mark)
  context.restore()
  context.strokeStyle = 'rgba(0, 0, 0, 0.8)'
  context.lineWidth = 3
  context.strokeRect(place.x, place.y, LOUPE_SIDE, LOUPE_SIDE)
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1
  context.strokeRect(place.x, place.y, LOUPE_SIDE, LOUPE_SIDE)
}
