import type { CrossHead, CrossTableData } from '../../api/types'
import { count, number } from '../../ui/format'
import { shareText } from './marks'
import type { ShowCells } from './useAnalyticsSearch'

/** The cells of a cross table as they are shown. Pure. */

/** From which residual on a cell is coloured, and from which it carries a sign as well. */
export const NOTABLE = 2
export const STRONG = 4

export type Cell = {
  readonly text: string
  /** −1 to 1: fewer or more images than the margins say. */
  readonly tone: number
  readonly sign: '' | '▲' | '▼'
  readonly count: number
}

export function cellOf(table: CrossTableData, row: number, column: number, show: ShowCells): Cell {
  const n = table.counts[row]?.[column] ?? 0
  const z = table.residuals[row]?.[column] ?? null
  return { count: n, text: textOf(table, row, column, show, n, z), tone: toneOf(z), sign: signOf(z) }
}

function textOf(
  table: CrossTableData,
  row: number,
  column: number,
  show: ShowCells,
  n: number,
  z: number | null,
): string {
  if (show === 'residual')
    return z === null ? '–' : `${z > 0 ? '+' : z < 0 ? '−' : ''}${number(Math.abs(z), 2)}`
  if (n === 0) return '·'
  if (show === 'count') return count(n)
  const whole = (show === 'row' ? table.rows[row] : table.columns[column])?.images ?? 0
  return whole ? shareText(n / whole) : '–'
}

/** Nothing below 2, full from 10 on, for residuals grow with the number of images. */
export function toneOf(z: number | null): number {
  if (z === null || Math.abs(z) < NOTABLE) return 0
  return Math.sign(z) * Math.min(1, 0.25 + ((Math.abs(z) - NOTABLE) / (10 - NOTABLE)) * 0.75)
}

function signOf(z: number | null): Cell['sign'] {
  if (z === null || Math.abs(z) < STRONG) return ''
  return z > 0 ? '▲' : '▼'
}

/** A field as people call it: the key without `metadata.`. */
export const isKey = (name: string): boolean => name.startsWith('metadata.')
export const keyOf = (name: string): string => name.replace(/^metadata\./, '')

export type HeadText = (head: CrossHead, field: string) => string
