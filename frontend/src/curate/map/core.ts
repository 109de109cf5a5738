/**
 * The map on its canvas: draws points and line, and turns pointer and wheel into moves, zooms, lassos and hovers. Plain
 * TypeScript; MapCanvas.tsx gives it an element and listens. A drag moves the map; with the lasso tool, or with Shift,
 * it draws a line.
 */

import type { Corner, Points } from './lasso'
import { simplified } from './lasso'
import { disc, discRows } from './raster'
import { movedBy, PLANE, type Size, type Spot, sideOf, toPlane, toScreen, type View, zoomedAt } from './view'

export type Tool = 'move' | 'lasso'

/** What is drawn. `rank` of a point: 0 beside the matter, 1 meant, 2 selected; higher ones lie above. 3: not drawn. */
export type Scene = {
  readonly points: Points
  readonly inks: Uint32Array
  readonly rank: Uint8Array
  readonly lasso: readonly Corner[] | null
  readonly view: View
  readonly tool: Tool
  readonly line: string
}

export type Hearer = {
  view(view: View): void
  lasso(corners: Corner[] | null): void
  /** A point under the pointer, -1: none; where it stands on the screen. */
  hover(point: number, at: Spot): void
  open(point: number): void
}

type Drag = { readonly kind: Tool; from: Spot; last: Spot; line: Corner[] }

/** CSS pixels: how near the pointer must be to a point, and how far it may move while still being a click. */
const NEAR = 9
const STILL = 4
const WHEEL = 1.0016

export class MapCore {
  private scene: Scene | null = null
  private size: Size = { width: 0, height: 0 }
  private drag: Drag | null = null
  private frame = 0
  private picture: ImageData | null = null

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly hear: Hearer,
  ) {
    canvas.addEventListener('wheel', this.wheel, { passive: false })
    canvas.addEventListener('pointerdown', this.down)
    canvas.addEventListener('pointermove', this.move)
    canvas.addEventListener('pointerup', this.up)
    canvas.addEventListener('pointercancel', this.cancel)
    canvas.addEventListener('pointerleave', this.leave)
  }

  stop(): void {
    cancelAnimationFrame(this.frame)
    this.canvas.removeEventListener('wheel', this.wheel)
    this.canvas.removeEventListener('pointerdown', this.down)
    this.canvas.removeEventListener('pointermove', this.move)
    this.canvas.removeEventListener('pointerup', this.up)
    this.canvas.removeEventListener('pointercancel', this.cancel)
    this.canvas.removeEventListener('pointerleave', this.leave)
  }

  /** CSS pixels of the canvas. */
  get screen(): Size {
    return this.size
  }

  show(scene: Scene): void {
    this.scene = scene
    this.ask()
  }

  resize(size: Size): void {
    this.size = size
    const dense = window.devicePixelRatio || 1
    this.canvas.width = Math.max(1, Math.round(size.width * dense))
    this.canvas.height = Math.max(1, Math.round(size.height * dense))
    this.picture = null
    this.ask()
  }

  /** The point nearest to a place on the screen, among those that are meant; -1 where none is near. */
  pointNear(spot: Spot, near = NEAR): number {
    const { scene, size } = this
    if (!scene) return -1
    const { points, rank, view } = scene
    const side = sideOf(view, size)
    const [x, y] = [(spot.x - size.width / 2) / side + view.x, (spot.y - size.height / 2) / side + view.y]
    let [best, found] = [(near / side) ** 2, -1]
    for (let i = 0; i < rank.length; i += 1) {
      if (rank[i] === 0 || rank[i] === 3) continue
      const away = (points.x[i]! / PLANE - x) ** 2 + (points.y[i]! / PLANE - y) ** 2
      if (away < best) [best, found] = [away, i]
    }
    return found
  }

  /** Shows the point nearest to the middle, for those who walk with the keys. */
  hoverMiddle(): number {
    const middle = { x: this.size.width / 2, y: this.size.height / 2 }
    const point = this.pointNear(middle, Math.min(this.size.width, this.size.height) / 2)
    this.tellHover(point)
    return point
  }

  private tellHover(point: number): void {
    const { scene, size } = this
    if (point < 0 || !scene) this.hear.hover(-1, { x: 0, y: 0 })
    else this.hear.hover(point, toScreen(scene.view, size, scene.points.x[point]!, scene.points.y[point]!))
  }

  private ask(): void {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    const context = this.canvas.getContext('2d')
    const { scene, canvas } = this
    if (!context || !scene || this.size.width === 0) return
    this.picture ??= context.createImageData(canvas.width, canvas.height)
    const pixels = new Uint32Array(this.picture.data.buffer)
    pixels.fill(0)
    this.drawPoints(scene, { pixels, width: canvas.width, height: canvas.height })
    context.putImageData(this.picture, 0, 0)
    this.drawLine(context, scene)
  }

  private drawPoints(scene: Scene, raster: Parameters<typeof disc>[0]): void {
    const { points, inks, rank, view } = scene
    const dense = raster.width / this.size.width
    const side = sideOf(view, this.size) * dense
    const [left, top] = [raster.width / 2 - view.x * side, raster.height / 2 - view.y * side]
    const radius = radiusOf(rank.length, view.zoom) * dense
    for (const level of [0, 1, 2]) {
      const rows = discRows(level === 2 ? radius + dense : radius)
      for (let i = 0; i < rank.length; i += 1) {
        if (rank[i] !== level) continue
        disc(
          raster,
          (points.x[i]! / PLANE) * side + left,
          (points.y[i]! / PLANE) * side + top,
          rows,
          inks[i]!,
        )
      }
    }
  }

  private drawLine(context: CanvasRenderingContext2D, scene: Scene): void {
    const corners = this.drag?.kind === 'lasso' ? this.drag.line : scene.lasso
    if (!corners || corners.length < 2) return
    const dense = this.canvas.width / this.size.width
    context.save()
    context.scale(dense, dense)
    context.beginPath()
    for (const [x, y] of corners) {
      const spot = toScreen(scene.view, this.size, x, y)
      context.lineTo(spot.x, spot.y)
    }
    context.closePath()
    context.fillStyle = `${scene.line}1f`
    context.strokeStyle = scene.line
    context.lineWidth = 1.5
    context.fill()
    context.stroke()
    context.restore()
  }

  private spotOf(event: PointerEvent | WheelEvent): Spot {
    const place = this.canvas.getBoundingClientRect()
    return { x: event.clientX - place.left, y: event.clientY - place.top }
  }

  private wheel = (event: WheelEvent): void => {
    event.preventDefault()
    if (!this.scene) return
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 24 : event.deltaY
    this.hear.view(zoomedAt(this.scene.view, this.size, this.spotOf(event), WHEEL ** -pixels))
  }

  private down = (event: PointerEvent): void => {
    if (event.button !== 0 || !this.scene) return
    this.canvas.setPointerCapture(event.pointerId)
    const from = this.spotOf(event)
    this.drag = { kind: event.shiftKey ? 'lasso' : this.scene.tool, from, last: from, line: [] }
    this.tellHover(-1)
  }

  private move = (event: PointerEvent): void => {
    const { scene, drag } = this
    if (!scene) return
    const spot = this.spotOf(event)
    if (!drag) {
      this.tellHover(this.pointNear(spot))
      return
    }
    if (drag.kind === 'lasso') {
      drag.line.push(toPlane(scene.view, this.size, spot))
      this.ask()
    } else this.hear.view(movedBy(scene.view, this.size, spot.x - drag.last.x, spot.y - drag.last.y))
    drag.last = spot
  }

  private up = (event: PointerEvent): void => {
    const { scene, drag } = this
    this.drag = null
    if (!scene || !drag) return
    const spot = this.spotOf(event)
    if (Math.hypot(spot.x - drag.from.x, spot.y - drag.from.y) <= STILL && drag.line.length < 8) {
      const point = this.pointNear(spot)
      if (point >= 0) this.hear.open(point)
      else this.hear.lasso(null)
    } else if (drag.kind === 'lasso') {
      const corners = simplified(drag.line, PLANE / sideOf(scene.view, this.size))
      this.hear.lasso(corners.length >= 3 ? corners : null)
    }
    this.ask()
  }

  private cancel = (): void => {
    this.drag = null
    this.ask()
  }

  private leave = (): void => {
    if (!this.drag) this.tellHover(-1)
  }
}

/** CSS pixels: fewer points, and nearer ones, are larger. */
export function radiusOf(count: number, zoom: number): number {
  const first = count > 30_000 ? 1.1 : count > 4000 ? 1.6 : count > 400 ? 2.6 : 4
  return Math.min(first * zoom ** 0.3, 7)
}
