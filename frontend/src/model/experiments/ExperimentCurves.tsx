import { Select, Skeleton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Experiment } from '../../api/types'
import { isActive } from '../../jobs/queries'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { CLASS_PALETTE } from '../../ui/colours'
import { number } from '../../ui/format'
import { curveRows, shortName } from '../curves'
import { metricsQuery } from '../queries'
import { curvesOfRuns, metricNames, type RunCurve } from './curves'
import classes from './ExperimentPage.module.css'

/** One metric of all runs over each other: a colour for each seed, the control dashed. */
export function ExperimentCurves({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  const answers = useQueries({ queries: of.runs.map((run) => metricsQuery(run.id, isActive(run))) })
  const [chosen, setChosen] = useState<string | null>(null)
  if (answers.some(({ data }) => data === undefined)) return <Skeleton height={260} />
  const epochs = answers.map(({ data }) => data ?? [])
  const names = metricNames(epochs)
  const metric = chosen ?? names[0]
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
        <span className="hd-dim">{t('experiment.curveLegend')}</span>
      </div>
      <Overlaid curves={curvesOfRuns(of.runs, epochs, metric)} metric={metric} seeds={of.seeds} />
    </>
  )
}

function Overlaid({ curves, metric, seeds }: { curves: RunCurve[]; metric: string; seeds: number[] }) {
  const { t } = useTranslation('model')
  const word = t('epoch')
  const option = useCallback(
    ({ axis, ink }: ReturnType<typeof chartStyle>) => ({
      grid: { right: 150, top: 12, bottom: 22 },
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
        color: CLASS_PALETTE[seeds.indexOf(run.seed) % CLASS_PALETTE.length],
        showSymbol: points.length < 3,
        symbolSize: 5,
        lineStyle: { width: 1.75, type: run.arm === 'control' ? [5, 4] : 'solid' },
        endLabel: { show: true, formatter: '{a}', color: ink.dim, fontSize: 11, distance: 6 },
        labelLayout: { moveOverlap: 'shiftY' },
        emphasis: { disabled: true },
      })),
    }),
    [curves, seeds, word],
  )
  return <Chart label={shortName(metric)} height={280} option={option} csv={() => curveRows(curves)} />
}
