import { type ReactNode, useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChartData } from '../../api/types'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import type { Scheme } from '../../ui/colours'
import type { CsvRow } from '../../ui/csv'
import classes from './Analytics.module.css'
import { ChartPanel } from './ChartPanel'
import { MarkTable } from './MarkTable'
import { type Labels, type Mark, type Measure, marksOf, ranked, trimmed } from './marks'
import { type Guide, labelEvery, lyingBars, standingBars } from './options'
import { useOpen, useWords } from './useSides'

type Style = ReturnType<typeof chartStyle>
const ROW = 22
const PAIR = 36
const STANDING = 208

export type Bins = {
  edge: (value: number) => string
  label: (low: number | null, high: number | null) => string
  /** Bars that stand on their name instead of between two edges. */
  centred?: boolean
  name?: string
  guides?: (marks: readonly Mark[]) => Guide[]
}

type Props = {
  title: string
  note?: ReactNode
  actions?: ReactNode
  charts: readonly ChartData[] | undefined
  state: { error: unknown; isPending: boolean; refetch: () => unknown }
  measure?: Measure
  labels?: Labels
  /** Given for bins: bars stand on an axis. Else each bar lies beside its name. */
  bins?: Bins
  /** By size; else in the order of the chart. */
  byRank?: boolean
  nameWidth?: number
  wide?: boolean
  below?: (charts: readonly ChartData[]) => ReactNode
  rows?: number
}

/** A chart of bars, for one set of images or two side by side; each bar opens its images. */
export function BarPanel(props: Props) {
  const { title, note, actions, charts, state, bins, below, wide, rows = 5 } = props
  const { t } = useTranslation('curate/analytics')
  const marks = useMarks(props)
  const words = useWords()
  const open = useOpen()
  const height = bins
    ? STANDING
    : Math.max(1, charts ? marks.length : rows) * (words.sides.length > 1 ? PAIR : ROW) + 6
  return (
    <ChartPanel
      title={title}
      note={note}
      actions={actions}
      height={height}
      state={state}
      wide={wide}
      table={() => <MarkTable marks={marks} sides={words.sides} address={open.address} />}
    >
      {() => (
        <>
          {marks.length ? (
            <Bars {...props} marks={marks} height={height} />
          ) : (
            <p className={classes.nothing}>{t('nothing')}</p>
          )}
          {charts && below?.(charts)}
        </>
      )}
    </ChartPanel>
  )
}

function useMarks({ charts, measure = 'images', labels, bins, byRank }: Props): Mark[] {
  return useMemo(() => {
    const named: Labels = (bar) =>
      bins ? { label: bins.label(bar.low, bar.high) } : (labels?.(bar) ?? { label: bar.label ?? '' })
    const marks = marksOf(charts ?? [], measure, named)
    return bins ? trimmed(marks) : byRank ? ranked(marks, measure) : marks
  }, [charts, measure, labels, bins, byRank])
}

function Bars({
  title,
  marks,
  measure = 'images',
  bins,
  height,
  nameWidth = 116,
}: Props & { marks: Mark[]; height: number }) {
  const words = useWords()
  const open = useOpen()
  const names = words.sides.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the names and the language
  const option = useCallback(
    (style: Style, scheme: Scheme) => {
      if (!bins) return lyingBars(marks, measure, words, style, scheme, nameWidth)
      const centred = bins.centred ?? false
      const edges = {
        label: (place: number) => edgeAt(marks, place, bins.edge),
        every: labelEvery(marks.length),
        centred,
        name: bins.name ?? '',
      }
      return standingBars(marks, measure, words, style, scheme, edges, bins.guides?.(marks))
    },
    [marks, measure, bins, nameWidth, names],
  )
  return (
    <Chart
      label={title}
      height={height}
      option={option}
      csv={() => csvOf(marks, words.sides)}
      onMark={({ dataIndex, seriesIndex }) => {
        const mark = marks[dataIndex ?? -1]
        if (mark) open.go(open.address(mark, seriesIndex ?? 0))
      }}
    />
  )
}

/** The edge below the bin at that place; after the last bin its upper one. */
function edgeAt(marks: readonly Mark[], place: number, edge: (value: number) => string): string {
  const value = marks[place]?.low ?? marks[place - 1]?.high
  return value == null ? '' : edge(value)
}

function csvOf(marks: readonly Mark[], sides: readonly string[]): CsvRow[] {
  const head = sides.flatMap((name) => [`${name}: images`, `${name}: boxes`, `${name}: share`])
  return [
    ['', 'low', 'high', 'query', ...head],
    ...marks.map((mark) => [
      mark.label,
      mark.low,
      mark.high,
      mark.q,
      ...sides.flatMap((_, side) => [
        mark.images[side] ?? 0,
        mark.boxes[side] ?? null,
        Number((mark.shares[side] ?? 0).toPrecision(6)),
      ]),
    ]),
  ]
}
