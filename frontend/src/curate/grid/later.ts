/**
 * Work that may wait for a moment: some milliseconds of it are done in each frame, so that a page of new cells does not hold
 * a frame up. What was asked first is done first.
 */

const BUDGET_MS = 6

export class Later {
  private waiting = new Set<() => void>()
  private frame: number | null = null
  private readonly now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.now = now
  }

  /** Returns how to take it back; what was done already is not undone. */
  ask = (work: () => void): (() => void) => {
    this.waiting.add(work)
    this.frame ??= requestAnimationFrame(this.run)
    return () => void this.waiting.delete(work)
  }

  private run = (): void => {
    const end = this.now() + BUDGET_MS
    this.frame = null
    for (const work of this.waiting) {
      this.waiting.delete(work)
      work()
      if (this.now() >= end) break
    }
    if (this.waiting.size > 0) this.frame = requestAnimationFrame(this.run)
  }
}

const shared = new Later()
export const later = shared.ask
