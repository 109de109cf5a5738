import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoxCentres } from '../../api/types'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import type { Scheme } from '../../ui/colours'
import classes from './Analytics.module.css'
import { ChartPanel } from './ChartPanel'
import { MarkTable } from './MarkTable'
import { escaped, type Mark, shareText } from './marks'
import { SIDES } from './options'
import { centresQuery } from './queries'
import { useOpen, useShown, useSides, useWords } from './useSides'

type Style = ReturnType<typeof chartStyle>
const HEIGHT = 208

/** Where in the image boxes have their centres; each cell opens its images. */
export function Centres({ of }: { of: number | null }) {
  const { t } = useTranslation('curate/analytics')
  const found = useSides<BoxCentres>((filter) => centresQuery(filter, of))
  const { names } = useShown()
  const open = useOpen()
  const marks = useMemo(() => (found.data ?? []).map(cellMarks), [found.data])
  return (
    <ChartPanel
      title={t('centres.title')}
      note={t('centres.note')}
      height={HEIGHT}
      state={found}
      table={() =>
        names.map((name, side) => (
          <div key={name}>
            {names.length > 1 && <h4>{name}</h4>}
            <MarkTable
              marks={marks[side] ?? []}
              sides={[name]}
              address={(mark) => open.address(mark, side)}
            />
          </div>
        ))
      }
    >
      {() => (
        <div className={classes.sides}>
          {found.data?.map((centres, side) => (
            <div key={names[side]}>
              {names.length > 1 && <SideName side={side} name={names[side] ?? ''} />}
              {centres.cells.length ? (
                <HeatMap centres={centres} marks={marks[side] ?? []} side={side} />
              ) : (
                <p className={classes.nothing}>{t('nothing')}</p>
              )}
            </div>
          ))}
        </div>
      )}
    </ChartPanel>
  )
}

export function SideName({ side, name }: { side: number; name: string }) {
  return (
    <p className={classes.sideName} title={name}>
      <i data-side={side} />
      {name}
    </p>
  )
}

function cellMarks(centres: BoxCentres): Mark[] {
  return centres.cells
    .toSorted((a, b) => b.boxes - a.boxes)
    .map((cell) => ({
      key: cell.q,
      label: `${cell.x} %, ${cell.y} %`,
      q: cell.q,
      low: cell.x,
      high: cell.y,
      images: [cell.images],
      boxes: [cell.boxes],
      shares: [centres.boxes ? cell.boxes / centres.boxes : 0],
    }))
}

type MapProps = { centres: BoxCentres; marks: Mark[]; side: number }

function HeatMap({ centres, marks, side }: MapProps) {
  const { t } = useTranslation('curate/analytics')
  const { names } = useShown()
  const words = useWords()
  const open = useOpen()
  const { across, down } = centres
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language only
  const option = useCallback(
    ({ ink, axis }: Style, scheme: Scheme) => {
      const place = { ...axis, type: 'category', axisLine: { show: false }, splitLine: { show: false } }
      const label = {
        color: ink.faint,
        fontSize: 10,
        interval: (at: number) => at % 5 === 0,
        formatter: (value: string) => `${value} %`,
      }
      return {
        grid: {
          left: 4,
          right: 4,
          top: 4,
          bottom: 4,
          show: true,
          borderWidth: 0,
          backgroundColor: ink.panel,
        },
        xAxis: { ...place, data: across.slice(0, -1), axisLabel: label },
        yAxis: { ...place, inverse: true, data: down.slice(0, -1), axisLabel: label },
        visualMap: {
          show: false,
          min: 0,
          max: Math.max(...marks.map(({ shares }) => shares[0] ?? 0)),
          dimension: 2,
          inRange: { color: ramp(scheme, names.length > 1 ? side : 0, ink.panel) },
        },
        tooltip: {
          trigger: 'item',
          formatter: ({ dataIndex }: { dataIndex: number }) => cellTip(marks[dataIndex], words),
        },
        series: [
          {
            type: 'heatmap',
            itemStyle: { borderColor: ink.panel, borderWidth: 1, borderRadius: 1 },
            emphasis: { itemStyle: { borderColor: ink.text, borderWidth: 1.5 } },
            data: marks.map(({ low, high, shares }) => [
              across.indexOf(low ?? 0),
              down.indexOf(high ?? 0),
              shares[0],
            ]),
          },
        ],
      }
    },
    [centres, marks, side, names.length],
  )
  return (
    <Chart
      label={t('centres.title')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['x %', 'y %', 'boxes', 'images', 'query'],
        ...centres.cells.map(({ x, y, boxes, images, q }) => [x, y, boxes, images, q]),
      ]}
      onMark={({ dataIndex }) => {
        const mark = marks[dataIndex ?? -1]
        if (mark) open.go(open.address(mark, side))
      }}
    />
  )
}

function ramp(scheme: Scheme, side: number, ground: string): string[] {
  const full = SIDES[scheme][side as 0 | 1] as string
  const middle = scheme === 'dark' ? ['#57502c', '#45474b'] : ['#dccf9c', '#cfd0d3']
  return [ground, middle[side] as string, full]
}

function cellTip(mark: Mark | undefined, words: ReturnType<typeof useWords>): string {
  if (!mark) return ''
  const counts = `${words.boxes(mark.boxes[0] ?? 0)} · ${words.images(mark.images[0] ?? 0)}`
  return `${escaped(mark.label)}<br>${counts} (${shareText(mark.shares[0] ?? 0)})`
}
