import { count } from '../../ui/format'

/** Differences of counts. Pure. */

/** A count with its sign: +3, −12, 0. */
export function signedCount(difference: number): string {
  if (difference === 0) return '0'
  return (difference > 0 ? '+' : '−') + count(Math.abs(difference))
}

/**
 * How much better (0 to 1) or worse (0 to −1) each cell of a confusion matrix got: on the diagonal more is better, off it
 * fewer. By the square root of the largest difference off the diagonal or on it, so that small ones show too.
 */
export function strengths(before: number[][], after: number[][]): number[][] {
  const differences = after.map((row, g) =>
    row.map((n, p) => (g === p && g < after.length - 1 ? 1 : -1) * (n - (before[g]?.[p] ?? 0))),
  )
  const most = Math.max(1, ...differences.flat().map(Math.abs))
  return differences.map((row) => row.map((n) => Math.sign(n) * Math.sqrt(Math.abs(n) / most) + 0))
}
