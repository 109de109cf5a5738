/** Ends of an interval; the API has nulls where too few images speak for one. */
export type Bounds = { low: number | null; high: number | null }
export type KnownBounds = { low: number; high: number }

/** Whether both ends are there. */
export function isKnown<T extends Partial<Bounds>>(bounds: T | null | undefined): bounds is T & KnownBounds {
  return typeof bounds?.low === 'number' && typeof bounds.high === 'number'
}
