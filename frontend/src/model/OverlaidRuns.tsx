import { Select, Skeleton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Run } from '../api/types'
import { isActive } from '../jobs/queries'
import { Chart } from '../ui/Chart'
import type { chartStyle } from '../ui/chartStyle'
import { CLASS_PALETTE } from '../ui/colours'
import { number } from '../ui/format'
import { curveRows, curvesOfRuns, metricNames, type RunCurve, shortName } from './curves'
import { metricsQuery } from './queries'
import classes from './RunPage.module.css'

export type DrawnRun = Pick<Run, 'id' | 'name' | 'state' | 'epochs'> & { colour: number; dashed: boolean }

/** One metric of several runs over each other, live while they train. */
export function OverlaidRuns({ runs, legend }: { runs: DrawnRun[]; legend?: ReactNode }) {
  const { t } = useTranslation('model')
  const answers = useQueries({ queries: runs.map((run) => metricsQuery(run.id, isActive(run))) })
  const [chosen, setChosen] = useState<string | null>(null)
  if (answers.some(({ data }) => data === undefined)) return <Skeleton height={280} />
  const epochs = answers.map(({ data }) => data ?? [])
  const names = metricNames(epochs)
  const metric = chosen && names.includes(chosen) ? chosen : names[0]
  if (!metric) return <p className="hd-dim">{t('noEpoch')}</p>
  return (
    <>
      <div className={classes.choice}>
        <Select
          size="xs"
          aria-label={t('experiment.metric')}
          allowDeselect={false}
          data={names.map((name) => ({ value: name, label: shortName(name) }))}
          value={metric}
          onChange={setChosen}
        />
        <span className="hd-dim">{legend}</span>
      </div>
      <Overlaid curves={curvesOfRuns(runs, epochs, metric)} metric={metric} />
    </>
  )
}

function Overlaid({ curves, metric }: { curves: RunCurve<DrawnRun>[]; metric: string }) {
  const { t } = useTranslation('model')
  const word = t('epoch')
  const option = useCallback(
    ({ axis, ink }: ReturnType<typeof chartStyle>) => ({
      grid: { right: 170, top: 12, bottom: 22 },
      xAxis: {
        ...axis,
        type: 'value',
        min: 1,
        max: Math.max(2, ...curves.map(({ run }) => run.epochs)),
        minInterval: 1,
        splitLine: { show: false },
        name: word,
        nameLocation: 'middle',
        nameGap: 22,
      },
      yAxis: { ...axis, type: 'value', scale: true, axisLine: { show: false }, splitNumber: 4 },
      tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => number(Number(value), 4) },
      series: curves.map(({ name, points, run }) => ({
        type: 'line',
        name,
        data: points,
        color: CLASS_PALETTE[run.colour % CLASS_PALETTE.length],
        showSymbol: points.length < 3,
        symbolSize: 5,
        lineStyle: { width: 1.75, type: run.dashed ? [5, 4] : 'solid' },
        endLabel: {
          show: true,
          formatter: '{a}',
          color: ink.dim,
          fontSize: 11,
          distance: 6,
          width: 150,
          overflow: 'truncate',
        },
        labelLayout: { moveOverlap: 'shiftY' },
        emphasis: { disabled: true },
      })),
    }),
    [curves, word],
  )
  return <Chart label={shortName(metric)} height={280} option={option} csv={() => curveRows(curves)} />
}
