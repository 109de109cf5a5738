import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { OverConfidence } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { number, points } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { fName } from './ControlBar'
import { BETAS, clampConf } from './controls'
import { overQuery } from './queries'
import { HEIGHT, ROOM, unitAxes } from './unit'
import { useEvaluationControls } from './useControls'

type Style = ReturnType<typeof chartStyle>

/** Precision, recall and F-beta over confidence, of the chosen class or in the mean. A click judges everything there. */
export function ConfidenceChart() {
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(overQuery(evaluation.id, controls))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={HEIGHT} />
  return <Confidence over={data} />
}

/** How much recall weighs against precision. */
export function BetaSwitch() {
  const { t } = useTranslation('curate/evaluations')
  const { controls, set } = useEvaluationControls()
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('beta')}
      data={BETAS.map((beta) => ({ value: String(beta), label: fName(beta) }))}
      value={String(controls.beta)}
      onChange={(beta) => set({ beta: Number(beta) })}
    />
  )
}

function Confidence({ over }: { over: OverConfidence }) {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set } = useEvaluationControls()
  const known = useClasses(evaluation.dataset)
  const { conf, best, mean, classes } = over.confidence
  const chosen = classes.find(({ class_id }) => class_id === controls.of)
  const curve = chosen ?? mean
  const top = chosen ? chosen.best : best
  const colour = controls.of === null ? undefined : known.get(controls.of)?.colour
  const option = useCallback(
    ({ axis, ink }: Style) => {
      const lines = [
        { key: 'precision', name: t('precision'), type: 'dashed', width: 1.4, colour: ink.dim },
        { key: 'recall', name: t('recall'), type: 'dotted', width: 1.6, colour: ink.dim },
        { key: 'f', name: fName(over.beta), type: 'solid', width: 2, colour: colour ?? ink.text },
      ] as const
      return {
        animation: false,
        grid: { ...ROOM, right: 70 },
        ...unitAxes(axis, t('confidence')),
        tooltip: { trigger: 'axis', valueFormatter: (value: number) => points(value) },
        series: lines.map(({ key, name, type, width, colour: ofLine }) => ({
          type: 'line',
          name,
          data: conf.map((x, at) => [x, curve[key][at]]),
          showSymbol: false,
          lineStyle: { type, width, color: ofLine },
          itemStyle: { color: ofLine },
          endLabel: { show: true, formatter: name, color: ofLine, fontSize: 11 },
          labelLayout: { moveOverlap: 'shiftY' },
          markLine: key === 'f' ? here(controls.conf, t('judgedAt'), ink.dim) : undefined,
          markPoint: key === 'f' && top !== null ? bestPoint(conf, curve.f, top, ofLine) : undefined,
        })),
      }
    },
    [over, conf, curve, top, colour, controls.conf, t],
  )
  return (
    <Chart
      label={t('overConfidence')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['confidence', 'precision', 'recall', fName(over.beta)],
        ...conf.map((x, at) => [
          x ?? '',
          curve.precision[at] ?? '',
          curve.recall[at] ?? '',
          curve.f[at] ?? '',
        ]),
      ]}
      onPlace={([x]) => set({ conf: clampConf(x) })}
    />
  )
}

/** Confidence from which on the label has room on both sides of its line. */
const EDGE = 0.15

function here(conf: number, name: string, colour: string) {
  return {
    symbol: 'none',
    silent: true,
    animation: false,
    lineStyle: { color: colour, type: 'solid', width: 1 },
    label: {
      formatter: `${name} ${number(conf, 3)}`,
      color: colour,
      fontSize: 11,
      // above the end of the line, and pushed inside where the line stands at an edge
      position: 'end',
      align: conf < EDGE ? 'left' : conf > 1 - EDGE ? 'right' : 'center',
      rotate: 0,
    },
    data: [{ xAxis: conf }],
  }
}

function bestPoint(conf: (number | null)[], f: (number | null)[], best: number, colour: string) {
  const place = conf.findIndex((x) => x !== null && x >= best - 1e-9)
  return {
    silent: true,
    animation: false,
    symbol: 'circle',
    symbolSize: 8,
    itemStyle: { color: colour },
    label: { show: false },
    data: [{ coord: [best, f[place] ?? 0] }],
  }
}
