import type { Confusion } from '../../api/types'

/** Each row's counts as shares of the row (0–1); rows without boxes are zeros. */
export function rowShares(matrix: Confusion['matrix']): number[][] {
  return matrix.map((row) => {
    const total = row.reduce((sum, n) => sum + n, 0)
    return row.map((n) => (total ? n / total : 0))
  })
}
