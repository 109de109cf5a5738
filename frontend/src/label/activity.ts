/** How long a person has really worked: the time between signs of life, as long as these are not too far apart. */

/** Without a sign of life for this long, nobody is at work (milliseconds). */
const IDLE_AFTER = 30_000

export class Activity {
  private worked = 0
  private last: number | null = null

  /** A key, a click, a move of the pointer at `now` (milliseconds). */
  touch(now: number): void {
    this.worked += this.sinceLast(now)
    this.last = now
  }

  /** The page was hidden or left: what comes before the next sign of life does not count. */
  pause(now: number): void {
    this.worked += this.sinceLast(now)
    this.last = null
  }

  /** Seconds worked so far, to the millisecond. */
  seconds(now: number): number {
    return (this.worked + this.sinceLast(now)) / 1000
  }

  /** An idle stretch counts up to the moment from which it is idle. */
  private sinceLast(now: number): number {
    return this.last === null ? 0 : Math.min(Math.max(0, now - this.last), IDLE_AFTER)
  }
}
