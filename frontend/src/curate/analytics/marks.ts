import type { ChartBar, ChartData } from '../../api/types'
import { conditions, hasCondition } from '../../dataset/query/queryText'
import { count, number, percent } from '../../ui/format'

/** From charts as the API gives them to marks that can be drawn, listed and opened. Pure. */

/** One set of images on the page: its query line and what it is called. */
export type Side = { readonly q: string; readonly name: string }
export type Measure = 'boxes' | 'images'

/** One mark: its name, the clause that opens it, and its numbers for each side. */
export type Mark = {
  readonly key: string
  readonly label: string
  readonly q: string
  readonly low: number | null
  readonly high: number | null
  readonly colour?: string
  readonly images: readonly number[]
  readonly boxes: readonly (number | null)[]
  /** Of the side's boxes or images, 0 to 1. */
  readonly shares: readonly number[]
}

export type Labels = (bar: ChartBar) => { label: string; colour?: string }

/** The marks of one chart, or of the same chart for two sets of images: what only one of them has is 0 in the other. */
export function marksOf(charts: readonly ChartData[], measure: Measure, labels: Labels): Mark[] {
  const keys = [...new Set(charts.flatMap((chart) => chart.bars.map(({ q }) => q)))]
  const found = charts.map((chart) => new Map(chart.bars.map((bar) => [bar.q, bar])))
  return keys.map((key) => {
    const bars = found.map((bars) => bars.get(key))
    const bar = bars.find((one) => one !== undefined) as ChartBar
    return {
      key,
      q: bar.q,
      low: bar.low,
      high: bar.high,
      ...labels(bar),
      images: bars.map((one) => one?.images ?? 0),
      boxes: bars.map((one) => one?.boxes ?? (bar.boxes === null ? null : 0)),
      shares: bars.map((one, at) => share(one, charts[at] as ChartData, measure)),
    }
  })
}

function share(bar: ChartBar | undefined, chart: ChartData, measure: Measure): number {
  const byBoxes = measure === 'boxes' && chart.boxes !== null && bar?.boxes != null
  const [part, whole] = byBoxes ? [bar.boxes ?? 0, chart.boxes ?? 0] : [bar?.images ?? 0, chart.images]
  return whole ? part / whole : 0
}

/** What a bar's length says. */
export function sizeOf(mark: Mark, side: number, measure: Measure): number {
  return (measure === 'boxes' ? mark.boxes[side] : null) ?? mark.images[side] ?? 0
}

/** Without the empty bins before the first and after the last that has something on either side. */
export function trimmed(marks: readonly Mark[]): Mark[] {
  const full = marks.map(({ images }) => images.some((n) => n > 0))
  const first = full.indexOf(true)
  return first < 0 ? [] : marks.slice(first, full.lastIndexOf(true) + 1)
}

/** The most frequent first; bars without any images at the end, in their order. */
export function ranked(marks: readonly Mark[], measure: Measure): Mark[] {
  return marks.toSorted((a, b) => sizeOf(b, 0, measure) - sizeOf(a, 0, measure))
}

/** The line with a clause more; what it orders by is left out, for a clause cannot follow it. */
export function narrowed(line: string, clause: string): string {
  const bare = line.replace(/\border\s+by\s[^()"']*$/i, '').trim()
  if (!clause || hasCondition(bare, clause)) return bare
  return bare ? [...conditions(bare), clause].join(' and ') : clause
}

/** The grid at the images of a mark. */
export function imagesAddress(
  dataset: number,
  line: string,
  clause: string,
  evaluation: number | null,
): string {
  const judged = evaluation === null ? '' : `&evaluation=${evaluation}`
  return `/datasets/${dataset}?q=${encodeURIComponent(narrowed(line, clause))}${judged}`
}

/** A bin in words: 10 – 20, under 10, 20 and more. */
export function binLabel(low: number | null, high: number | null, edge: (value: number) => string): string {
  if (low === null) return high === null ? '' : `< ${edge(high)}`
  return high === null ? `≥ ${edge(low)}` : `${edge(low)} – ${edge(high)}`
}

/** The side of a square of that area: areas are shown by what one can see of them. */
export const sideOfArea = (area: number): string => number(Math.sqrt(area))

/** Whole numbers are named by what they hold: 0, 1, 2 or 4 – 6. */
export function countLabel(low: number | null, high: number | null): string {
  if (low === null || high === null) return binLabel(low, high, count)
  return high - low === 1 ? count(low) : `${count(low)} – ${count(high - 1)}`
}

/** A moment at the start of an hour, day, month or year, in UTC. */
export function momentLabel(seconds: number, unit: string, language: string): string {
  const shown: Record<string, Intl.DateTimeFormatOptions> = {
    hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    day: { day: 'numeric', month: 'short' },
    month: { month: 'short', year: 'numeric' },
    year: { year: 'numeric' },
  }
  const options = { ...(shown[unit] ?? shown.day), timeZone: 'UTC', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(language, options).format(new Date(seconds * 1000))
}

/** Text that may stand in a tooltip's HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A share as it is read: 0.3 %, 12 %. */
export const shareText = (share: number): string => percent(share, share < 0.1 ? 1 : 0)
