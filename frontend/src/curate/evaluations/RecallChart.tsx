import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AtPoint, DatasetClass, OverConfidence } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { Chart, type ChartMark } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { number, points } from '../../ui/format'
import { useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { FLOOR } from './controls'
import { type Line, recallLines } from './curves'
import { atQuery, overQuery } from './queries'
import { HEIGHT, ROOM, unitAxes } from './unit'
import { useEvaluationControls } from './useControls'

type Style = ReturnType<typeof chartStyle>

/**
 * Precision over recall at the slider's IoU, a line per class and their mean. A point opens the predictions of its class
 * from its confidence on; the dots stand where the confidence slider does.
 */
export function RecallChart() {
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(overQuery(evaluation.id, controls))
  const at = useQuery(atQuery(evaluation.id, controls)).data
  const known = useClasses(evaluation.dataset)
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data || !known.size) return <Skeleton height={HEIGHT} />
  return <Recall curves={data.precision_recall} at={at} known={known} />
}

type Props = {
  curves: OverConfidence['precision_recall']
  at: AtPoint | undefined
  known: ReadonlyMap<number, DatasetClass>
}

function Recall({ curves, at, known }: Props) {
  const { t } = useTranslation('curate/evaluations')
  const { controls, boxes } = useEvaluationControls()
  const go = useGo()
  const lines = useMemo(() => recallLines(curves, known), [curves, known])
  const dots = useMemo(() => dotsOf(at, known, controls.of), [at, known, controls.of])
  const option = useCallback(
    (style: Style) => ({
      animation: false,
      grid: { ...ROOM, right: 92 },
      ...unitAxes(style.axis, t('recall'), t('precision')),
      tooltip: { trigger: 'item', formatter: pointText(t('recall'), t('precision'), t('confidence')) },
      series: [
        ...lines.map((line) => drawn(line, controls.of)),
        meanOf(curves, t('meanLine'), style.ink.text, controls.of !== null),
        {
          type: 'scatter',
          name: 'dots',
          symbolSize: 9,
          z: 5,
          data: dots.map(({ of, recall, precision }) => ({
            name: of.name,
            value: [recall, precision, controls.conf],
            itemStyle: { color: of.colour, borderColor: style.ink.panel, borderWidth: 1.5 },
          })),
        },
      ],
    }),
    [lines, dots, curves, controls.of, controls.conf, t],
  )
  const open = ({ seriesIndex = -1, dataIndex }: ChartMark) => {
    const line = lines[seriesIndex]
    if (line && dataIndex !== undefined) {
      const score = Math.max(line.points[dataIndex]?.[2] ?? FLOOR, FLOOR)
      go(boxes({ classes: line.of.id, verdicts: 'tp,fp', score_from: score }, { conf: FLOOR }))
    }
    const dot = seriesIndex === lines.length + 1 ? dots[dataIndex ?? -1] : undefined
    if (dot) go(boxes({ classes: dot.of.id, verdicts: 'tp,fp' }))
  }
  return (
    <Chart
      label={t('precisionRecall')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['class', 'recall', 'precision', 'score'],
        ...lines.flatMap(({ of, points: all }) => all.map((point) => [of.name, ...point])),
      ]}
      onMark={open}
    />
  )
}

function drawn({ of, points: data }: Line, chosen: number | null) {
  const faint = chosen !== null && chosen !== of.id
  return {
    type: 'line',
    name: of.name,
    data,
    symbol: 'circle',
    symbolSize: 9,
    showSymbol: true,
    showAllSymbol: true,
    lineStyle: { width: chosen === of.id ? 2.4 : 1.5, color: of.colour, opacity: faint ? 0.22 : 1 },
    itemStyle: { color: of.colour, opacity: 0 },
    emphasis: { focus: 'series', itemStyle: { opacity: 1 }, lineStyle: { width: 2.6 } },
    endLabel: { show: !faint, formatter: of.name, color: of.colour, fontSize: 11 },
    labelLayout: { moveOverlap: 'shiftY' },
  }
}

function meanOf(curves: Props['curves'], name: string, colour: string, faint: boolean) {
  return {
    type: 'line',
    name,
    silent: true,
    data: curves.recall.map((x, at) => [x, curves.mean.precision[at]]),
    showSymbol: false,
    lineStyle: { width: 2, color: colour, type: [5, 3], opacity: faint ? 0.25 : 0.9 },
    itemStyle: { color: colour },
  }
}

/** Where each class stands at the sliders' confidence. */
function dotsOf(at: AtPoint | undefined, known: Props['known'], chosen: number | null) {
  return (at?.per_class ?? []).flatMap(({ class_id, precision, recall }) => {
    const of = known.get(class_id)
    const shown = of && precision !== null && recall !== null && (chosen === null || chosen === class_id)
    return shown ? [{ of, precision, recall }] : []
  })
}

const pointText = (x: string, y: string, z: string) => (mark: unknown) => {
  const { name, seriesName, value } = mark as { name: string; seriesName: string; value: number[] }
  if (!Array.isArray(value)) return seriesName
  const [recall, precision, conf] = value as [number, number, number]
  return `${name || seriesName}<br>${x} ${points(recall)} · ${y} ${points(precision)}<br>${z} ${number(conf, 3)}`
}
