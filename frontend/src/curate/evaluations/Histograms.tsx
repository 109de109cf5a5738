import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { AtPoint, OverConfidence } from '../../api/types'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { MEANING, type Scheme } from '../../ui/colours'
import { count, points } from '../../ui/format'
import { useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { binAsked, FLOOR } from './controls'
import { atQuery, overQuery } from './queries'
import { useEvaluationControls } from './useControls'

type Style = ReturnType<typeof chartStyle>
const HEIGHT = 240

/**
 * Right and wrong predictions by score, and the share that is right: on the diagonal a score means what it says. A bar
 * opens its predictions.
 */
export function ScoreHistogram() {
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(overQuery(evaluation.id, controls))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={HEIGHT} />
  return <Scores scores={data.scores} />
}

function Scores({ scores }: { scores: OverConfidence['scores'] }) {
  const { t } = useTranslation('curate/evaluations')
  const { boxes } = useEvaluationControls()
  const go = useGo()
  const { edges, right, wrong, precision, confidence } = scores
  const bins = edges.slice(0, -1).map((edge, at) => ({ low: edge ?? 0, high: edges[at + 1] ?? 1 }))
  const option = useCallback(
    ({ axis, ink }: Style, scheme: Scheme) => {
      const colour = MEANING[scheme]
      const bar = (name: string, data: number[], fill: string) => ({
        type: 'bar',
        name,
        stack: 'scores',
        barWidth: '88%',
        color: fill,
        data: data.map((n, at) => [at + 0.5, n]),
      })
      return {
        animation: false,
        grid: { top: 12, right: 8, bottom: 22 },
        xAxis: binAxis(axis, bins.length, t('confidence'), (at) => (at % 2 ? '' : String(edges[at] ?? ''))),
        yAxis: [
          { ...axis, type: 'value', splitNumber: 3, axisLabel: { color: ink.faint, fontSize: 11 } },
          {
            ...axis,
            min: 0,
            max: 1,
            interval: 0.5,
            splitLine: { show: false },
            axisLabel: { color: ink.faint, fontSize: 11, formatter: (n: number) => `${n * 100} %` },
          },
        ],
        tooltip: {
          trigger: 'axis',
          formatter: (marks: { dataIndex: number }[]) => tip(marks[0]?.dataIndex ?? 0),
        },
        series: [
          bar(t('right'), right, colour.tp),
          bar(t('wrong'), wrong, colour.fp),
          {
            type: 'line',
            name: t('shareRight'),
            yAxisIndex: 1,
            symbolSize: 6,
            lineStyle: { color: ink.text, width: 1.4 },
            itemStyle: { color: ink.text },
            data: precision.map((y, at) => [at + 0.5, y]),
          },
          {
            type: 'line',
            yAxisIndex: 1,
            silent: true,
            showSymbol: false,
            lineStyle: { color: ink.faint, width: 1, type: [3, 3] },
            data: confidence.map((y, at) => [
              at + 0.5,
              y ?? ((bins[at]?.low ?? 0) + (bins[at]?.high ?? 1)) / 2,
            ]),
          },
        ],
      }
      function tip(at: number): string {
        const bin = bins[at]
        if (!bin) return ''
        const share = precision[at]
        const lines = [
          `<b>${bin.low} – ${bin.high}</b>`,
          `${t('right')} ${count(right[at] ?? 0)} · ${t('wrong')} ${count(wrong[at] ?? 0)}`,
        ]
        if (share != null) lines.push(`${t('shareRight')} ${points(share)} %`)
        return lines.join('<br>')
      }
    },
    [edges, right, wrong, precision, confidence, bins, t],
  )
  return (
    <Chart
      label={t('scores')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['from', 'to', 'right', 'wrong', 'share right', 'mean score'],
        ...bins.map(({ low, high }, at) => [
          low,
          high,
          right[at] ?? 0,
          wrong[at] ?? 0,
          precision[at] ?? '',
          confidence[at] ?? '',
        ]),
      ]}
      onMark={({ seriesIndex, dataIndex }) => {
        const bin = bins[dataIndex ?? -1]
        const verdicts = ['tp', 'fp', 'tp,fp'][seriesIndex ?? 3]
        if (bin && verdicts) go(boxes({ verdicts, ...binAsked('score', bin.low, bin.high) }, { conf: FLOOR }))
      }}
    />
  )
}

/** How well what is found is placed: true positives by IoU at the sliders' point. A bar opens its boxes. */
export function OverlapHistogram() {
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(atQuery(evaluation.id, controls))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={HEIGHT} />
  return <Overlaps overlaps={data.overlaps} />
}

function Overlaps({ overlaps }: { overlaps: AtPoint['overlaps'] }) {
  const { t } = useTranslation('curate/evaluations')
  const { boxes } = useEvaluationControls()
  const go = useGo()
  const { edges, counts } = overlaps
  const option = useCallback(
    ({ axis, ink }: Style, scheme: Scheme) => ({
      animation: false,
      grid: { top: 12, right: 8, bottom: 22 },
      xAxis: binAxis(axis, counts.length, 'IoU', (at) => (at % 4 ? '' : (edges[at] ?? 0).toFixed(2))),
      yAxis: { ...axis, type: 'value', splitNumber: 3, axisLabel: { color: ink.faint, fontSize: 11 } },
      tooltip: {
        trigger: 'item',
        formatter: ({ dataIndex: at }: { dataIndex: number }) =>
          `<b>IoU ${(edges[at] ?? 0).toFixed(3)} – ${(edges[at + 1] ?? 1).toFixed(3)}</b><br>${count(counts[at] ?? 0)} ${t('verdicts.tp')}`,
      },
      series: [
        {
          type: 'bar',
          barWidth: '88%',
          barMinHeight: 1,
          color: MEANING[scheme].tp,
          data: counts.map((n, at) => [at + 0.5, n || null]),
        },
      ],
    }),
    [edges, counts, t],
  )
  return (
    <Chart
      label={t('overlaps')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['from', 'to', 'boxes'],
        ...counts.map((n, at) => [edges[at] ?? '', edges[at + 1] ?? '', n]),
      ]}
      onMark={({ dataIndex: at = -1 }) => {
        const [low, high] = [edges[at], edges[at + 1]]
        if (low != null && high != null) go(boxes({ verdicts: 'tp', ...binAsked('iou', low, high) }))
      }}
    />
  )
}

/** An axis whose labels stand at the edges between bins. */
function binAxis(axis: Record<string, unknown>, bins: number, name: string, label: (edge: number) => string) {
  return {
    ...axis,
    type: 'value',
    min: 0,
    max: bins,
    interval: 1,
    name,
    nameLocation: 'middle',
    nameGap: 26,
    splitLine: { show: false },
    axisLabel: { ...(axis.axisLabel as object), formatter: label },
  }
}
