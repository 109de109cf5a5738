import type { Confusion, DatasetClass } from '../../api/types'
import { nameText } from '../../dataset/query/queryText'

/**
 * The way from a number to the boxes behind it: each mark of a diagnosis as a query line of the grid.
 * Pure; the words are those of docs/query.md.
 */

/** A class of the dataset, or null for the background. */
export type Side = Pick<DatasetClass, 'name'> | null

/**
 * The boxes of a cell of the confusion matrix, rows labelled and columns predicted. On the diagonal stand found boxes,
 * off it labelled boxes taken for another class; the last column holds missed boxes, the last row predictions where
 * nothing is labelled.
 */
export function cellQuery(evaluation: number, truth: Side, predicted: Side): string {
  if (truth && predicted && truth.name === predicted.name) return verdictQuery('tp', evaluation, truth)
  const other = predicted ? nameText(predicted.name) : 'background'
  if (truth) return `fn(${nameText(truth.name)}, evaluation = ${evaluation}, predicted = ${other})`
  return `fp(${predicted ? nameText(predicted.name) : '*'}, evaluation = ${evaluation}, truth = background)`
}

/** All true positives, false positives or false negatives, of one class or of all. */
export function verdictQuery(verdict: 'tp' | 'fp' | 'fn', evaluation: number, of: Side = null): string {
  return `${verdict}(${of ? nameText(of.name) : '*'}, evaluation = ${evaluation})`
}

/** The grid at a query line, with the evaluation's verdicts drawn. */
export function gridAddress(dataset: number, q: string, evaluation: number): string {
  return `/datasets/${dataset}?q=${encodeURIComponent(q)}&evaluation=${evaluation}`
}

/** Each row's counts as shares of the row (0–1); rows without boxes are zeros. */
export function rowShares(matrix: Confusion['matrix']): number[][] {
  return matrix.map((row) => {
    const total = row.reduce((sum, n) => sum + n, 0)
    return row.map((n) => (total ? n / total : 0))
  })
}

/** Steps for axis labels that include zero: a round step so that about `wanted` of them lie in the range. */
export function ticks(low: number, high: number, wanted = 6): number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / wanted
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * size).find((n) => n >= rough) ?? size * 10
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step + 0)
}
