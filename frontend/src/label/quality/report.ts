/** Rows of the time report put together by what somebody wants to know. */

import type { TimeRow } from '../../api/types'

export const GROUPINGS = ['person', 'day', 'kind', 'class'] as const
export type Grouping = (typeof GROUPINGS)[number]
export type TimeSum = { key: string; acts: number; seconds: number; share: number }

/** Sums by one of the report's columns, the longest first; `named` says a row's group in words. */
export function sumsBy(rows: readonly TimeRow[], named: (row: TimeRow) => string): TimeSum[] {
  const total = rows.reduce((sum, row) => sum + row.seconds, 0)
  const sums = new Map<string, TimeSum>()
  for (const row of rows) {
    const key = named(row)
    const was = sums.get(key) ?? { key, acts: 0, seconds: 0, share: 0 }
    const seconds = was.seconds + row.seconds
    sums.set(key, { key, acts: was.acts + row.acts, seconds, share: total > 0 ? seconds / total : 0 })
  }
  return [...sums.values()].sort((a, b) => b.seconds - a.seconds)
}
