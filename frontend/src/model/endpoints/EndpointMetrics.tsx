import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Drift, Endpoint, EndpointMetricsPoint } from '../../api/types'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { CLASS_PALETTE } from '../../ui/colours'
import { count, number, percent } from '../../ui/format'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import classes from './EndpointPage.module.css'
import { metricsQuery } from './queries'

const SPANS = [60, 1440, 10_080]
const UNSTEADY = 0.25

/** Requests, latencies, errors, and how far what it sees has drifted. */
export function EndpointMetrics({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const [minutes, setMinutes] = useState(60)
  const { data } = useQuery(metricsQuery(endpoint.id, minutes))
  const totals = data?.totals
  const ms = (value: number | null | undefined) => (value == null ? '–' : `${number(value, 1)} ms`)
  return (
    <Section
      title={t('metrics')}
      actions={
        <SegmentedControl
          size="xs"
          value={String(minutes)}
          onChange={(value) => setMinutes(Number(value))}
          data={SPANS.map((span) => ({ value: String(span), label: t(`spans.${span}`) }))}
        />
      }
    >
      {totals && (
        <div className={classes.totals}>
          <Total name={t('requests')} value={count(totals.requests)} />
          <Total name={t('pictures')} value={count(totals.images)} />
          <Total name="p50" value={ms(totals.p50)} />
          <Total name="p95" value={ms(totals.p95)} />
          <Total name={t('refused')} value={count(totals.refused)} />
          <Total name={t('failed')} value={count(totals.failed)} />
        </div>
      )}
      {data && data.points.length > 0 && <Latencies points={data.points} minutes={minutes} />}
      {totals?.requests === 0 && <p className="hd-dim">{t('notAsked')}</p>}
      {data?.drift && data.drift.boxes > 0 && <DriftView drift={data.drift} />}
    </Section>
  )
}

function Total({ name, value }: { name: string; value: string }) {
  return (
    <span>
      <span className="hd-dim">{name}</span>
      <strong>{value}</strong>
    </span>
  )
}

/** @param minutes how far back the axis goes from now */
function Latencies({ points, minutes }: { points: EndpointMetricsPoint[]; minutes: number }) {
  const { t } = useTranslation('model/endpoints')
  const [requests, latency] = [t('requests'), 'p95 (ms)']
  const option = useCallback(
    ({ axis }: ReturnType<typeof chartStyle>) => ({
      grid: { right: 44, top: 14, bottom: 22 },
      xAxis: { ...axis, type: 'time', ...lastMinutes(minutes), splitLine: { show: false } },
      yAxis: [
        { ...axis, type: 'value', minInterval: 1, axisLine: { show: false }, splitNumber: 3 },
        { ...axis, type: 'value', axisLine: { show: false }, splitLine: { show: false }, splitNumber: 3 },
      ],
      tooltip: { trigger: 'axis' },
      series: [
        {
          type: 'bar',
          name: requests,
          color: CLASS_PALETTE[0],
          barMaxWidth: 8,
          data: points.map((one) => [one.at * 1000, one.requests]),
        },
        {
          type: 'line',
          name: latency,
          yAxisIndex: 1,
          color: CLASS_PALETTE[1],
          showSymbol: points.length < 3,
          data: points.map((one) => [one.at * 1000, one.p95 === null ? null : Math.round(one.p95)]),
        },
      ],
    }),
    [points, minutes, requests, latency],
  )
  const csv = () => [
    ['at', 'requests', 'failed', 'p50', 'p95'],
    ...points.map((one) => [one.at, one.requests, one.failed, one.p50, one.p95]),
  ]
  const label = `${requests}, ${latency}`
  return (
    <div>
      <h3 className={classes.chartTitle}>{label}</h3>
      <Chart label={label} height={150} option={option} csv={csv} />
    </div>
  )
}

/** The ends of a time axis, in milliseconds. */
function lastMinutes(minutes: number) {
  const max = Date.now()
  return { min: max - minutes * 60_000, max }
}

/** Scores and classes seen, beside those of the validation slice. */
function DriftView({ drift }: { drift: Drift }) {
  const { t } = useTranslation('model/endpoints')
  const columns: Column<Drift['per_class'][number]>[] = [
    { key: 'name', head: t('class'), cell: (one) => one.name },
    { key: 'seen', head: t('seen'), numeric: true, cell: (one) => share(one.seen, drift.boxes) },
    {
      key: 'expected',
      head: t('expected'),
      numeric: true,
      cell: (one) => share(one.expected, drift.expected_boxes),
    },
  ]
  return (
    <div className={classes.charts}>
      <Scores drift={drift} />
      <div>
        <h3 className={classes.chartTitle}>{t('classDrift', { value: number(drift.classes, 3) })}</h3>
        <Table label={t('classes')} columns={columns} rows={drift.per_class} rowKey={(one) => one.name} />
      </div>
    </div>
  )
}

const share = (part: number, whole: number) => (whole ? percent(part / whole, 1) : '–')

function Scores({ drift }: { drift: Drift }) {
  const { t } = useTranslation('model/endpoints')
  const [seen, expected] = [t('seen'), t('expected')]
  const unsteady = (drift.confidence ?? 0) > UNSTEADY
  const option = useCallback(
    ({ axis }: ReturnType<typeof chartStyle>) => ({
      grid: { right: 14, top: 14, bottom: 22 },
      xAxis: { ...axis, type: 'value', min: 0, max: 1, splitLine: { show: false } },
      yAxis: { ...axis, type: 'value', axisLine: { show: false }, splitNumber: 3 },
      tooltip: { trigger: 'axis' },
      series: [
        { name: seen, counts: drift.scores_seen, total: drift.boxes, type: 'solid' },
        { name: expected, counts: drift.scores_expected, total: drift.expected_boxes, type: 'dashed' },
      ].map(({ name, counts, total, type }, place) => ({
        type: 'line',
        step: 'middle',
        name,
        color: CLASS_PALETTE[place],
        showSymbol: false,
        lineStyle: { width: 1.75, type },
        data: counts.map((boxes, step) => [(step + 0.5) / counts.length, total ? boxes / total : 0]),
      })),
    }),
    [drift, seen, expected],
  )
  const label = t(unsteady ? 'scoreDriftLarge' : 'scoreDrift', { value: number(drift.confidence, 3) })
  const csv = () => [
    ['from', seen, expected],
    ...drift.scores_seen.map((boxes, step) => [step / 20, boxes, drift.scores_expected[step] ?? 0]),
  ]
  return (
    <div>
      <h3 className={classes.chartTitle}>{label}</h3>
      <Chart label={label} height={170} option={option} csv={csv} />
    </div>
  )
}
