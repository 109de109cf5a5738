import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { isActive } from '../jobs/queries'
import { Chart } from '../ui/Chart'
import type { chartStyle } from '../ui/chartStyle'
import { CLASS_PALETTE } from '../ui/colours'
import { number } from '../ui/format'
import { CurvesBeside } from './CurvesBeside'
import { type Curve, curveRows, curvesOf, shortName } from './curves'
import { metricsQuery } from './queries'
import classes from './RunPage.module.css'

/** How the training went, epoch by epoch; live while it runs. */
export function RunCurves({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const { data } = useQuery(metricsQuery(run.id, isActive(run)))
  if (!data) return <Skeleton height={220} />
  if (data.length === 0) return <p className="hd-dim">{t('noEpoch')}</p>
  const figures = curvesOf(data, 'figures')
  return (
    <>
      <div className={classes.charts}>
        <CurveChart label={t('losses')} curves={curvesOf(data, 'loss')} epochs={run.epochs} />
        {figures.length > 0 && (
          <CurveChart label={t('figuresPerEpoch')} curves={figures} epochs={run.epochs} />
        )}
        <CurveChart label={t('rate')} curves={curvesOf(data, 'rate')} epochs={run.epochs} />
      </div>
      <CurvesBeside run={run} />
    </>
  )
}

function CurveChart({ label, curves, epochs }: { label: string; curves: Curve[]; epochs: number }) {
  const { t } = useTranslation('model')
  const epochWord = t('epoch')
  const option = useCallback(
    ({ axis, ink }: ReturnType<typeof chartStyle>) => ({
      grid: { right: curves.length > 1 ? 74 : 14, top: 12, bottom: 22 },
      xAxis: {
        ...axis,
        type: 'value',
        min: 1,
        max: Math.max(2, epochs),
        minInterval: 1,
        splitLine: { show: false },
        name: epochWord,
        nameLocation: 'middle',
        nameGap: 22,
      },
      yAxis: { ...axis, type: 'value', scale: true, axisLine: { show: false }, splitNumber: 4 },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: unknown) => number(Number(value), 4),
        axisPointer: { lineStyle: { color: ink.dim } },
      },
      series: curves.map(({ name, points }, index) => ({
        type: 'line',
        name: shortName(name),
        data: points,
        color: CLASS_PALETTE[index % CLASS_PALETTE.length],
        showSymbol: points.length < 3,
        symbolSize: 5,
        lineStyle: { width: 1.75 },
        endLabel: { show: curves.length > 1, formatter: '{a}', color: ink.dim, fontSize: 11, distance: 6 },
        labelLayout: { moveOverlap: 'shiftY' },
        emphasis: { disabled: true },
      })),
    }),
    [curves, epochs, epochWord],
  )
  if (curves.length === 0) return null
  return (
    <div>
      <h3 className={classes.chartTitle}>{label}</h3>
      <Chart label={label} height={204} option={option} csv={() => curveRows(curves)} />
    </div>
  )
}
