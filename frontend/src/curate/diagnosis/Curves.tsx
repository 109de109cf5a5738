import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Curves, DatasetClass, EvaluationDetail } from '../../api/types'
import { useDataset } from '../../dataset/queries'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { number, points } from '../../ui/format'
import { useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { gridAddress, verdictQuery } from './drill'
import { curvesQuery } from './queries'

type Style = ReturnType<typeof chartStyle>
const HEIGHT = 300
const unit = { min: 0, max: 1, interval: 0.2 }

function useCurves(evaluation: EvaluationDetail) {
  const curves = useQuery(curvesQuery(evaluation.id))
  const dataset = useDataset(evaluation.dataset)
  return { ...curves, classes: dataset.data?.classes }
}

/** Precision over recall at IoU 0.5, a line per class in its colour; a click opens the class's found boxes. */
export function PrecisionRecallChart({ evaluation }: { evaluation: EvaluationDetail }) {
  const { data, classes, error, refetch } = useCurves(evaluation)
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data || !classes) return <Skeleton height={HEIGHT} />
  return <PrecisionRecall curves={data} classes={classes} evaluation={evaluation} />
}

type Parts = { curves: Curves; classes: DatasetClass[]; evaluation: EvaluationDetail }

function PrecisionRecall({ curves, classes, evaluation }: Parts) {
  const { t } = useTranslation('curate/diagnosis')
  const go = useGo()
  const lines = curves.precision_recall
    .map((line) => ({ ...line, of: classes.find(({ id }) => id === line.class_id) }))
    .filter(({ of, precision }) => of && precision.some((value) => value !== null && value > 0))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the curves of a finished evaluation never change
  const option = useCallback(
    ({ axis }: Style) => ({
      grid: { right: 92 },
      xAxis: { ...axis, ...unit, type: 'value', name: t('recall'), nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...axis, ...unit, type: 'value', name: t('precision') },
      tooltip: { trigger: 'item', formatter: pointText(t('recall'), t('precision')) },
      series: lines.map(({ of, recall, precision }) => ({
        type: 'line',
        name: of?.name,
        data: recall.map((x, at) => [x, precision[at]]),
        showSymbol: false,
        triggerLineEvent: true,
        lineStyle: { width: 1.6, color: of?.colour },
        itemStyle: { color: of?.colour },
        emphasis: { focus: 'series', lineStyle: { width: 2.6 } },
        endLabel: { show: true, formatter: of?.name, color: of?.colour, fontSize: 11 },
        labelLayout: { moveOverlap: 'shiftY' },
      })),
    }),
    [curves, classes, t],
  )
  return (
    <Chart
      label={t('precisionRecall')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['class', 'recall', 'precision', 'score'],
        ...lines.flatMap(({ of, recall, precision, score }) =>
          recall.map((x, at) => [of?.name ?? '', x, precision[at] ?? '', score[at] ?? '']),
        ),
      ]}
      onMark={({ seriesIndex }) => {
        const of = lines[seriesIndex ?? -1]?.of
        if (of) go(gridAddress(evaluation.dataset, verdictQuery('tp', evaluation.id, of), evaluation.id))
      }}
    />
  )
}

const pointText = (x: string, y: string) => (mark: unknown) => {
  const { seriesName, value } = mark as { seriesName: string; value: [number, number] }
  return Array.isArray(value)
    ? `${seriesName}<br>${x} ${points(value[0])} · ${y} ${points(value[1])}`
    : seriesName
}

/** Mean precision, recall and F1 over confidence, with the operating point marked. */
export function ConfidenceChart({ evaluation }: { evaluation: EvaluationDetail }) {
  const { data, error, refetch } = useCurves(evaluation)
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={HEIGHT} />
  return <Confidence curves={data} evaluation={evaluation} />
}

function Confidence({ curves, evaluation }: Omit<Parts, 'classes'>) {
  const { t } = useTranslation('curate/diagnosis')
  const option = useCallback(
    ({ axis, ink }: Style) => {
      const lines = [
        { key: 'precision', name: t('precision'), type: 'dashed', width: 1.4, colour: ink.dim },
        { key: 'recall', name: t('recall'), type: 'dotted', width: 1.6, colour: ink.dim },
        { key: 'f1', name: 'F1', type: 'solid', width: 2, colour: ink.text },
      ] as const
      return {
        grid: { right: 70 },
        xAxis: {
          ...axis,
          ...unit,
          type: 'value',
          name: t('confidence'),
          nameLocation: 'middle',
          nameGap: 26,
        },
        yAxis: { ...axis, ...unit, type: 'value' },
        tooltip: { trigger: 'axis', valueFormatter: (value: number) => points(value) },
        series: lines.map(({ key, name, type, width, colour }) => ({
          type: 'line',
          name,
          data: curves.f1.map((at) => [at.conf, at[key]]),
          showSymbol: false,
          lineStyle: { type, width, color: colour },
          itemStyle: { color: colour },
          endLabel: { show: true, formatter: name, color: colour, fontSize: 11 },
          labelLayout: { moveOverlap: 'shiftY' },
          markLine:
            key === 'f1' && evaluation.conf !== null
              ? operatingPoint(evaluation.conf, t('judgedAt'), ink.dim)
              : undefined,
        })),
      }
    },
    [curves, evaluation.conf, t],
  )
  return (
    <Chart
      label={t('overConfidence')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['confidence', 'precision', 'recall', 'f1'],
        ...curves.f1.map((at) => [at.conf, at.precision ?? '', at.recall ?? '', at.f1 ?? '']),
      ]}
    />
  )
}

function operatingPoint(conf: number, name: string, colour: string) {
  return {
    symbol: 'none',
    silent: true,
    lineStyle: { color: colour, type: 'solid', width: 1 },
    label: {
      formatter: `${name} ${number(conf, 2)}`,
      color: colour,
      fontSize: 11,
      position: 'insideEndTop',
      rotate: 0,
    },
    data: [{ xAxis: conf }],
  }
}
