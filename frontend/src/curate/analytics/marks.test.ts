import { describe, expect, it } from 'vitest'
import type { ChartBar, ChartData, CrossTableData, Finding } from '../../api/types'
import { cellOf, toneOf } from './cross'
import { factOf, figureOf, pairOf } from './findings'
import { countLabel, escaped, imagesAddress, marksOf, momentLabel, narrowed, ranked, trimmed } from './marks'
import { readSearch } from './useAnalyticsSearch'

const bar = (q: string, images: number, boxes: number | null = null): ChartBar => ({
  q,
  images,
  boxes,
  label: q,
  low: null,
  high: null,
  class_id: null,
})
const chart = (images: number, boxes: number | null, bars: ChartBar[]): ChartData => ({
  name: 'x',
  kind: 'values',
  images,
  boxes,
  bars,
  parts: [],
  unknown: 0,
  unknown_q: '',
  others: 0,
  unit: '',
})
const named = ({ label }: ChartBar) => ({ label: label ?? '' })

describe('the marks of charts', () => {
  it('have a number and a share for each side, 0 for what one side lacks', () => {
    const first = chart(10, null, [bar('a', 4), bar('b', 1)])
    const second = chart(20, null, [bar('b', 5), bar('c', 10)])
    const marks = marksOf([first, second], 'images', named)
    expect(marks.map(({ key, images, shares }) => [key, images, shares])).toEqual([
      ['a', [4, 0], [0.4, 0]],
      ['b', [1, 5], [0.1, 0.25]],
      ['c', [0, 10], [0, 0.5]],
    ])
  })

  it('share boxes among boxes and images among images', () => {
    const one = chart(10, 40, [bar('a', 5, 30)])
    expect(marksOf([one], 'boxes', named)[0]?.shares).toEqual([0.75])
    expect(marksOf([one], 'images', named)[0]?.shares).toEqual([0.5])
    expect(marksOf([chart(0, 0, [bar('a', 0, 0)])], 'boxes', named)[0]?.shares).toEqual([0])
  })

  it('lose empty bins at the ends only, and can be ranked', () => {
    const marks = marksOf(
      [chart(9, null, [bar('a', 0), bar('b', 1), bar('c', 0), bar('d', 7), bar('e', 0)])],
      'images',
      named,
    )
    expect(trimmed(marks).map(({ key }) => key)).toEqual(['b', 'c', 'd'])
    expect(ranked(trimmed(marks), 'images').map(({ key }) => key)).toEqual(['d', 'b', 'c'])
    expect(trimmed([])).toEqual([])
  })
})

describe('the line of a mark', () => {
  it.each([
    ['', 'any(car)', 'any(car)'],
    ['any(car)', 'any(car)', 'any(car)'],
    ['weather = "rainy"', 'any(car)', 'weather = "rainy" and any(car)'],
    ['a = 1 or b = 2', 'any(car)', '(a = 1 or b = 2) and any(car)'],
    ['a = 1 order by captured_at desc', 'any(car)', 'a = 1 and any(car)'],
    ['key = "order by"', 'any(car)', 'key = "order by" and any(car)'],
    ['a = 1', '', 'a = 1'],
  ])('%s with %s is %s', (line, clause, whole) => {
    expect(narrowed(line, clause)).toBe(whole)
  })

  it('keeps the evaluation in the address', () => {
    expect(imagesAddress(3, '', 'any(car)', 7)).toBe('/datasets/3?q=any(car)&evaluation=7')
  })
})

it('names bins by what they hold', () => {
  expect(countLabel(3, 4)).toBe('3')
  expect(countLabel(4, 6)).toBe('4 – 5')
  expect(momentLabel(Date.UTC(2020, 5, 1) / 1000, 'day', 'en-GB')).toBe('1 Jun')
  expect(momentLabel(Date.UTC(2020, 5, 1, 13) / 1000, 'hour', 'en-GB')).toContain('13:00')
})

it('puts no markup into tooltips', () => {
  expect(escaped('<img src=x>&"')).toBe('&#60;img src=x&#62;&#38;&#34;')
})

describe('differences in words', () => {
  const finding = (first: number, second: number, is_share = true) => ({ first, second, is_share }) as Finding
  it.each([
    [0.5, 0, true, 'onlyFirst', ''],
    [0, 0.5, true, 'onlySecond', ''],
    [0.5, 0.4, true, 'more', ''],
    [0.1, 0.4, true, 'timesLess', '4'],
    [0.3, 0.1, true, 'timesMore', '3'],
    [12, 3, false, 'more', ''],
    [-4, 3, false, 'less', ''],
  ])('%d and %d (share: %s) are %s %s', (first, second, is_share, key, times) => {
    expect(factOf(finding(first, second, is_share))).toEqual({ key, times })
  })

  it('stand on a line of two dots', () => {
    expect(pairOf(finding(0.2, 0.9))).toEqual([0.2, 0.9])
    expect(pairOf(finding(5, 20, false))).toEqual([0.25, 1])
    expect(pairOf(finding(-10, 10, false))).toEqual([0, 1])
    expect(figureOf(finding(0.042, 0), 0.042)).toBe('4.2%')
  })
})

describe('a cell of a cross table', () => {
  const head = (images: number) => ({ images, q: '', label: 'x', low: null, high: null, class_id: null })
  const table = {
    rows: [head(40), head(60)],
    columns: [head(50), head(0)],
    counts: [
      [30, 0],
      [20, 0],
    ],
    residuals: [
      [4.08, null],
      [-4.08, null],
    ],
  } as unknown as CrossTableData

  it('shows what is asked for', () => {
    expect(cellOf(table, 0, 0, 'count')).toMatchObject({ text: '30', sign: '▲' })
    expect(cellOf(table, 0, 0, 'row').text).toBe('75%')
    expect(cellOf(table, 0, 0, 'column').text).toBe('60%')
    expect(cellOf(table, 1, 0, 'residual')).toMatchObject({ text: '−4.1', sign: '▼' })
    expect(cellOf(table, 0, 1, 'count').text).toBe('·')
    expect(cellOf(table, 0, 1, 'residual').text).toBe('–')
  })

  it('is shaded from a residual of two on', () => {
    expect([null, 1.9, 2, -2, 10, -40].map(toneOf)).toEqual([0, 0, 0.25, -0.25, 1, -1])
  })
})

it('reads its address, and takes the usual for what it does not know', () => {
  expect(readSearch({})).toMatchObject({ q: '', vs: null, by: 'boxes', size: 'area', cells: 'count' })
  expect(readSearch({ vs: '*', by: 'images', cells: 'nonsense' })).toMatchObject({
    vs: '',
    by: 'images',
    cells: 'count',
  })
})
