/** Ends of an interval; the API has nulls where too few images speak for one. */
export type Bounds = { low: number | null; high: number | null }
export type KnownBounds = { low: number; high: number }

/** Whether both ends are there. */
export function isKnown<T extends Partial<Bounds>>(bounds: T | null | undefined): bounds is T & KnownBounds {
  return typeof bounds?.low === 'number' && typeof bounds.high === 'number'
}

/** The intervals of an evaluation, by the three fields that hold them. */
export type Intervals = {
  interval: Bounds | null
  interval50: Bounds | null
  intervals: Partial<Record<string, Bounds>> | null
}

/** The interval of one of its figures; null where none is drawn for it, or the evaluation is from before it was. */
export function intervalOf(one: Intervals, figure: string): Bounds | null {
  if (figure === 'AP') return one.interval
  return figure === 'AP50' ? one.interval50 : (one.intervals?.[figure] ?? null)
}
