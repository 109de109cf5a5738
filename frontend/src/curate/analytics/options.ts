import type { chartStyle } from '../../ui/chartStyle'
import type { Scheme } from '../../ui/colours'
import { count } from '../../ui/format'
import { escaped, type Mark, type Measure, shareText, sizeOf } from './marks'

/** Marks as ECharts options, in the one style. */

type Style = ReturnType<typeof chartStyle>

/** The two sets of a comparison, by lightness as well as hue: the first in the accent, the other grey. */
export const SIDES: Record<Scheme, readonly [string, string]> = {
  dark: ['#f0d04a', '#85888f'],
  light: ['#a88600', '#9a9da3'],
}
/** Bars of a single set. */
export const QUIET: Record<Scheme, string> = { dark: '#8b96a5', light: '#8493a6' }

export type Words = { images: (n: number) => string; boxes: (n: number) => string; sides: readonly string[] }

/** Everything that a mark says, for a tooltip. */
export function tip(mark: Mark, words: Words): string {
  const lines = mark.images.map((images, side) => {
    const boxes = mark.boxes[side]
    const counts = [boxes != null && words.boxes(boxes), words.images(images)].filter(Boolean).join(' · ')
    const name = words.sides.length > 1 ? `${escaped(words.sides[side] ?? '')}: ` : ''
    return `${name}${counts} (${shareText(mark.shares[side] ?? 0)})`
  })
  return [`<b>${escaped(mark.label)}</b>`, ...lines].join('<br>')
}

const value = (mark: Mark, side: number, measure: Measure, sides: number) =>
  sides > 1 ? (mark.shares[side] ?? 0) : sizeOf(mark, side, measure)

function tooltip(marks: readonly Mark[], words: Words) {
  return {
    trigger: 'item',
    formatter: ({ dataIndex }: { dataIndex: number }) => tip(marks[dataIndex] as Mark, words),
  }
}

const emphasis = (ink: Style['ink']) => ({ itemStyle: { color: ink.accent } })

/** Bars lying down, each with its name before and its number after it. */
export function lyingBars(
  marks: readonly Mark[],
  measure: Measure,
  words: Words,
  { ink, axis }: Style,
  scheme: Scheme,
  nameWidth: number,
) {
  const sides = words.sides.length
  const label = (mark: Mark, side: number) =>
    sides > 1
      ? shareText(mark.shares[side] ?? 0)
      : `${count(sizeOf(mark, side, measure))}   {share|${shareText(mark.shares[side] ?? 0)}}`
  return {
    grid: { left: 4, right: sides > 1 ? 48 : 100, top: 2, bottom: 2 },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      ...axis,
      type: 'category',
      inverse: true,
      axisLine: { show: false },
      data: marks.map((mark) => mark.label),
      axisLabel: {
        color: ink.text,
        fontSize: 12,
        interval: 0,
        width: nameWidth,
        overflow: 'truncate',
        margin: 10,
      },
      splitLine: { show: false },
    },
    tooltip: tooltip(marks, words),
    series: words.sides.map((name, side) => ({
      type: 'bar',
      name,
      barWidth: sides > 1 ? 8 : 10,
      barGap: '60%',
      color: sides > 1 ? SIDES[scheme][side] : QUIET[scheme],
      emphasis: sides > 1 ? {} : emphasis(ink),
      label: {
        show: true,
        position: 'right',
        color: ink.dim,
        fontSize: sides > 1 ? 10 : 11.5,
        formatter: ({ dataIndex }: { dataIndex: number }) => label(marks[dataIndex] as Mark, side),
        rich: { share: { color: ink.faint, fontSize: 11 } },
      },
      data: marks.map((mark) => ({
        value: value(mark, side, measure, sides),
        itemStyle: sides === 1 && mark.colour ? { color: mark.colour } : undefined,
      })),
    })),
  }
}

export type Guide = { at: number; label: string }

/**
 * Standing bars over bins: the axis names the edges between them. `edgeLabel` of place k is the edge below bin k;
 * guides stand at a place between edges.
 */
export function standingBars(
  marks: readonly Mark[],
  measure: Measure,
  words: Words,
  { ink, axis }: Style,
  scheme: Scheme,
  edges: { label: (place: number) => string; every: number; centred: boolean; name: string },
  guides: readonly Guide[] = [],
) {
  const sides = words.sides.length
  return {
    grid: { left: 4, right: 14, top: guides.length ? 22 : 10, bottom: edges.name ? 20 : 4 },
    xAxis: {
      ...axis,
      ...(edges.centred
        ? { type: 'category', data: marks.map((mark) => mark.label) }
        : { type: 'value', min: 0, max: marks.length, interval: edges.every }),
      name: edges.name,
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { show: false },
      axisTick: { show: !edges.centred, length: 3, lineStyle: { color: ink.line } },
      axisLabel: {
        color: ink.dim,
        fontSize: 11,
        hideOverlap: true,
        formatter: edges.centred ? undefined : edges.label,
      },
    },
    yAxis: {
      ...axis,
      type: 'value',
      splitNumber: 3,
      min: 0,
      axisLine: { show: false },
      axisLabel: {
        color: ink.faint,
        fontSize: 11,
        formatter: (n: number) => (sides > 1 ? shareText(n) : count(n)),
      },
      minInterval: sides > 1 ? undefined : 1,
    },
    tooltip: tooltip(marks, words),
    series: words.sides.map((name, side) => ({
      type: 'bar',
      name,
      barWidth: sides > 1 ? '42%' : '88%',
      barGap: '4%',
      barMinHeight: 1,
      color: sides > 1 ? SIDES[scheme][side] : QUIET[scheme],
      emphasis: sides > 1 ? {} : emphasis(ink),
      data: marks.map((mark, at) => {
        const size = value(mark, side, measure, sides)
        return [at + (edges.centred ? 0 : 0.5), size || null]
      }),
      markLine:
        side === 0 && guides.length
          ? {
              silent: true,
              symbol: 'none',
              animation: false,
              lineStyle: { color: ink.faint, type: [3, 3], width: 1 },
              label: { color: ink.dim, fontSize: 11, formatter: '{b}', distance: 4 },
              data: guides.map(({ at, label }) => ({ xAxis: at, name: label })),
            }
          : undefined,
    })),
  }
}

/** Every how many edges one is named, so that about `wanted` are. */
export const labelEvery = (bins: number, wanted = 9): number => Math.max(1, Math.ceil(bins / wanted))
