import type { ProjectEvaluation } from '../../api/types'
import { type Bounds, intervalOf, isKnown } from '../../ui/interval'

/**
 * What evaluations were judged on: a panel for the same images, in it a column for each state of their labels. Only
 * what stands in one column can be compared as it stands. Pure.
 */
export type Panel = {
  key: string
  dataset: number
  names: string[]
  images: number | null
  columns: Column[]
}
export type Column = {
  /** The manifest's id: the same images with the same labels. */
  key: number
  /** The revisions at which these images had these labels, rising. */
  revisions: number[]
  evaluations: ProjectEvaluation[]
}

export const FIGURES = ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl'] as const
export type FigureKey = (typeof FIGURES)[number]
/** Of one class there are two. */
export const CLASS_FIGURES: FigureKey[] = ['AP', 'AP50']

export type Value = { value: number | null; interval: Bounds | null }

/** The figure of an evaluation, or of the class that was asked for, with its interval where one was drawn. */
export function figureOf(one: ProjectEvaluation, figure: FigureKey, ofClass: string | null): Value {
  if (ofClass) {
    const found = one.of_class
    const value = figure === 'AP50' ? found?.AP50 : found?.AP
    return { value: value ?? null, interval: figure === 'AP' ? (found?.interval ?? null) : null }
  }
  return { value: one.figures?.[figure] ?? null, interval: intervalOf(one, figure) }
}

/** Whether intervals are drawn for the figure. */
export const hasInterval = (figure: FigureKey, ofClass: string | null) =>
  figure === 'AP' || (!ofClass && (figure === 'AP50' || figure === 'AP75'))

/** Panels in the order of their first evaluation, columns by revision. `evaluations` come newest first. */
export function panelsOf(evaluations: ProjectEvaluation[]): Panel[] {
  const panels = new Map<string, Panel>()
  for (const one of [...evaluations].reverse()) {
    const key = `${one.dataset}-${one.images_key}`
    const panel = panels.get(key) ?? { key, dataset: one.dataset, names: [], images: null, columns: [] }
    panels.set(key, panel)
    for (const { name } of one.slices) if (!panel.names.includes(name)) panel.names.push(name)
    panel.images ??= one.counts?.images ?? null
    let column = panel.columns.find((known) => known.key === one.manifest)
    if (!column) {
      column = { key: one.manifest, revisions: [], evaluations: [] }
      panel.columns.push(column)
    }
    column.evaluations.unshift(one)
    if (!column.revisions.includes(one.revision)) column.revisions.push(one.revision)
  }
  for (const { columns } of panels.values()) {
    for (const { revisions } of columns) revisions.sort((a, b) => a - b)
    columns.sort((a, b) => a.revisions[0]! - b.revisions[0]!)
  }
  return [...panels.values()]
}

export type Scale = { low: number; high: number }
const LEAST = 0.02

/** The range that holds the values and their intervals, with a little air; null where there is no value. */
export function scaleOf(values: Value[]): Scale | null {
  const ends = values.flatMap(({ value, interval }) =>
    value === null ? [] : isKnown(interval) ? [value, interval.low, interval.high] : [value],
  )
  if (ends.length === 0) return null
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const air = Math.max((high - low) * 0.09, LEAST / 2 - (high - low) / 2)
  return { low: low - air, high: high + air }
}

/** Where a value lies on the scale, in percent. */
export const at = (value: number, { low, high }: Scale) => (100 * (value - low)) / (high - low)
