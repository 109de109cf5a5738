import { PAGE_SIZE } from './pages'

export type Sight = { readonly first: number; readonly end: number }

/** Scrolling on: pages are asked for this often (milliseconds). */
const WALK_MS = 120
/** Dragging the scroll bar: passing by is not looking, so pages are asked for after a rest (milliseconds). */
const REST_MS = 90

/** Decides when what is in sight is worth asking for. */
export class SightClock {
  private told: Sight = { first: 0, end: 1 }
  private current: Sight = this.told
  private toldAt = 0
  private timer: ReturnType<typeof setTimeout> | null = null
  private readonly tell: (sight: Sight) => void

  constructor(tell: (sight: Sight) => void) {
    this.tell = tell
  }

  show = (first: number, end: number): void => {
    if (first === this.current.first && end === this.current.end) return
    this.current = { first, end }
    const far = Math.abs(first - this.told.first) > PAGE_SIZE
    const walking = !far && performance.now() - this.toldAt >= WALK_MS
    this.stop()
    if (walking) this.say()
    else this.timer = setTimeout(() => this.say(), REST_MS)
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private say(): void {
    this.told = this.current
    this.toldAt = performance.now()
    this.tell(this.told)
  }
}
