import type { SettingsSearch, Trial } from '../../api/types'
import { CHROME, MEANING, type Scheme } from '../../ui/colours'

export type Look = 'repeat' | 'inside' | 'better' | 'pruned' | 'unknown'
export const LOOKS: Look[] = ['repeat', 'inside', 'better', 'unknown', 'pruned']

/** How a training is drawn; what was pruned has no figure but that of its last fast look. */
export function lookOf(one: Trial): Look {
  if (one.state === 'pruned') return 'pruned'
  if (one.kind === 'repeat') return 'repeat'
  return one.better === null ? 'unknown' : one.better ? 'better' : 'inside'
}

/** Points of mAP (0–100) at which it stands; null while it has none. */
export function height(one: Trial): number | null {
  const last = one.curve.at(-1)
  const value = one.state === 'pruned' ? last : one.value
  return value === null || value === undefined ? null : 100 * value
}

/** A shape and a colour for each, so that neither is needed alone. */
export function symbolOf(look: Look, scheme: Scheme): Record<string, unknown> {
  const ink = CHROME[scheme]
  const [tone] = [MEANING[scheme].tp]
  return {
    repeat: { symbol: 'diamond', symbolSize: 10, itemStyle: { color: ink.dim } },
    inside: { symbol: 'circle', symbolSize: 9, itemStyle: { color: ink.text } },
    unknown: { symbol: 'circle', symbolSize: 9, itemStyle: { color: ink.text } },
    better: { symbol: 'triangle', symbolSize: 13, itemStyle: { color: tone } },
    pruned: {
      symbol: 'emptyCircle',
      symbolSize: 7,
      itemStyle: { color: ink.faint, borderColor: ink.faint, borderWidth: 1.5 },
    },
  }[look]
}

/** The noise floor of a search as a band from below up to the bound, with a line at the repeats' mean. */
export function floorMarks(of: SettingsSearch, scheme: Scheme, words: { bound: string; mean: string }) {
  const ink = CHROME[scheme]
  if (!of.floor) return {}
  const label = { color: ink.dim, fontSize: 11 }
  return {
    markArea: {
      silent: true,
      itemStyle: { color: ink.dim, opacity: 0.13 },
      data: [
        [
          { yAxis: 100 * of.floor.mean - 100 * (of.floor.bound - of.floor.mean) },
          { yAxis: 100 * of.floor.bound },
        ],
      ],
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: ink.dim },
      data: [
        {
          yAxis: 100 * of.floor.bound,
          lineStyle: { type: 'dashed' },
          label: { ...label, formatter: words.bound, position: 'insideEndTop' },
        },
        {
          yAxis: 100 * of.floor.mean,
          lineStyle: { type: 'solid', opacity: 0.6 },
          label: { ...label, formatter: words.mean, position: 'insideEndBottom' },
        },
      ],
    },
  }
}

/** The best figure up to and with each trial, in points. */
export function bestSoFar(trials: Trial[]): [number, number][] {
  let best = Number.NEGATIVE_INFINITY
  const line: [number, number][] = []
  for (const { number, value } of trials) {
    if (value !== null) best = Math.max(best, 100 * value)
    if (Number.isFinite(best)) line.push([number, best])
  }
  return line
}

/** The lowest and the highest of what is drawn, the band included, with some room. */
export function spanOf(of: SettingsSearch): { min: number; max: number } {
  const heights = of.tried.map(height).filter((one): one is number => one !== null)
  const all = of.floor ? [...heights, 100 * of.floor.bound, 100 * of.floor.mean] : heights
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const room = Math.max(0.5, (high - low) * 0.08)
  return { min: Math.max(0, Math.floor(low - room)), max: Math.min(100, Math.ceil(high + room)) }
}
