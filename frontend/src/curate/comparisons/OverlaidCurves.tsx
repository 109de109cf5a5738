import { Select, Skeleton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, EvaluationDetail, OverConfidence } from '../../api/types'
import { useDataset } from '../../dataset/queries'
import { Chart } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { number, points } from '../../ui/format'
import { useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { boxesAddress, FLOOR, IOUS, nearestIou } from '../evaluations/controls'
import { overQuery } from '../evaluations/queries'
import { HEIGHT, unitAxes } from '../evaluations/unit'
import { type ClassChoice, classChoice, f1Line, type Line, type Look, pointAt, recallLines } from './lines'
import classes from './OverlaidCurves.module.css'

type Style = ReturnType<typeof chartStyle>
const DASH = [5, 4]
/** Room for the names of the lines. */
const GRID = { top: 28, right: 148, bottom: 24 }

export type Side = { evaluation: Pick<EvaluationDetail, 'id' | 'dataset' | 'conf' | 'iou'>; look: Look }
/** What the page's address says of the curves. */
export type CurveAddress = { class?: unknown; iou?: unknown }
type Props = {
  sides: Side[]
  address: CurveAddress
  set: (part: { class?: string | number; iou?: number }) => void
}

/** Precision over recall, and F1 over confidence, of several evaluations over each other, at an IoU, of a class. */
export function OverlaidCurves({ sides, address, set }: Props) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const known = useDataset(sides[0]?.evaluation.dataset ?? 0).data?.classes
  const [chosen, iou] = [classChoice(address.class), nearestIou(Number(address.iou) || 0.5)]
  const answers = useQueries({
    queries: sides.map(({ evaluation }) => overQuery(evaluation.id, { iou, beta: 1, q: '' })),
  })
  const failed = answers.find(({ error }) => error)
  if (failed) return <ProblemNote error={failed.error} retry={() => void failed.refetch()} />
  const curves = answers.map(({ data }) => data).filter((one) => one !== undefined)
  const ready = known && curves.length === sides.length
  const shown = { sides, curves, chosen, iou, known: known ?? [] }
  return (
    <div className={classes.halves}>
      <Section
        title={t('curate/evaluations:precisionRecall')}
        actions={
          <>
            <IouSelect iou={iou} set={set} />
            <ClassSelect every={sides.length === 2} {...{ known, chosen, set }} />
          </>
        }
      >
        {ready ? <PrecisionRecall {...shown} /> : <Skeleton height={HEIGHT} />}
      </Section>
      <Section title={t('compare.f1')} note={t('curate/evaluations:atIou', { iou: number(iou, 2) })}>
        {ready ? <F1 {...shown} /> : <Skeleton height={HEIGHT} />}
      </Section>
    </div>
  )
}

function IouSelect({ iou, set }: { iou: number } & Pick<Props, 'set'>) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  return (
    <Select
      size="xs"
      w={100}
      aria-label="IoU"
      allowDeselect={false}
      data={IOUS.map((value) => ({
        value: String(value),
        label: t('curate/evaluations:atIou', { iou: number(value, 2) }),
      }))}
      value={String(iou)}
      onChange={(value) => set({ iou: value === '0.5' ? undefined : Number(value) })}
    />
  )
}

type SelectProps = {
  known: DatasetClass[] | undefined
  every: boolean
  chosen: ClassChoice
} & Pick<Props, 'set'>

function ClassSelect({ known, chosen, set, every }: SelectProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  return (
    <Select
      size="xs"
      w={170}
      searchable
      allowDeselect={false}
      aria-label={t('compare.curvesOf')}
      data={[
        { value: 'mean', label: t('compare.mean') },
        ...(every ? [{ value: 'all', label: t('compare.everyClass') }] : []),
        ...(known ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      value={String(chosen)}
      onChange={(value) => set({ class: value === 'mean' ? undefined : (value ?? undefined) })}
    />
  )
}

type PartProps = {
  sides: Side[]
  curves: OverConfidence[]
  chosen: ClassChoice
  iou: number
  known: DatasetClass[]
}

function PrecisionRecall({ sides, curves, chosen, iou, known }: PartProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const go = useGo()
  const lines = useMemo(
    () =>
      sides.flatMap(({ evaluation, look }, at) =>
        recallLines(curves[at]!.precision_recall, chosen, look, known).map((line) => ({
          ...line,
          evaluation,
          side: look.name,
        })),
      ),
    [sides, curves, chosen, known],
  )
  const option = useCallback(
    ({ axis }: Style) => ({
      grid: GRID,
      ...unitAxes(axis, t('curate/evaluations:recall'), t('curate/evaluations:precision')),
      tooltip: {
        trigger: 'item',
        formatter: pointText(lines, t('curate/evaluations:recall'), t('curate/evaluations:precision')),
      },
      series: lines.map((line) =>
        series(line, `${line.name}  ${points(line.ap)}`, chosen !== 'all' || !line.dashed),
      ),
    }),
    [lines, chosen, t],
  )
  const nameOf = (id: number | undefined) => known.find((one) => one.id === id)?.name ?? ''
  return (
    <Chart
      label={t('curate/evaluations:precisionRecall')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['evaluation', 'class', 'recall', 'precision'],
        ...lines.flatMap((line) => line.points.map(([x, y]) => [line.side, nameOf(line.of), x, y ?? ''])),
      ]}
      onMark={({ seriesIndex }) => {
        const line = lines[seriesIndex ?? -1]
        const asked = { classes: line?.of, verdicts: 'tp,fp' }
        if (line) go(boxesAddress(line.evaluation, { conf: FLOOR, iou }, asked))
      }}
    />
  )
}

/** A line with its name at its end; of all classes only the solid lines are named. */
function series({ name, colour, dashed, points: data }: Line, label: string, named: boolean) {
  return {
    type: 'line',
    name,
    data,
    showSymbol: false,
    triggerLineEvent: true,
    lineStyle: { width: dashed ? 1.5 : 1.8, color: colour, type: dashed ? DASH : 'solid' },
    itemStyle: { color: colour },
    emphasis: { focus: 'series', lineStyle: { width: 2.6 } },
    endLabel: {
      show: named,
      formatter: label,
      color: colour,
      fontSize: 11,
      width: 136,
      overflow: 'truncate',
    },
    labelLayout: { moveOverlap: 'shiftY' },
  }
}

const pointText = (lines: { side: string }[], x: string, y: string) => (mark: unknown) => {
  const { seriesName, seriesIndex, value } = mark as {
    seriesName: string
    seriesIndex: number
    value: unknown
  }
  const side = lines[seriesIndex]?.side ?? ''
  const name = side === seriesName ? side : `${seriesName} · ${side}`
  return Array.isArray(value) ? `${name}<br>${x} ${points(value[0])} · ${y} ${points(value[1])}` : name
}

/** F1 over confidence; a dot where the boxes of each were judged. */
function F1({ sides, curves, chosen }: PartProps) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const lines = useMemo(
    () =>
      sides.map(({ evaluation, look }, at) => {
        const line = f1Line(curves[at]!.confidence, chosen)
        return { look, line, judged: pointAt(line, evaluation.conf) }
      }),
    [sides, curves, chosen],
  )
  const option = useCallback(
    ({ axis }: Style) => ({
      grid: GRID,
      ...unitAxes(axis, t('curate/evaluations:confidence'), 'F1'),
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => points(value) },
      series: lines.map(({ look, line, judged }) => ({
        ...series({ ...look, points: line, ap: null }, look.name, true),
        markPoint: judged && {
          symbol: 'circle',
          symbolSize: 8,
          silent: true,
          itemStyle: { color: look.colour },
          label: {
            show: lines.length === 2,
            position: look.dashed ? 'bottom' : 'top',
            color: look.colour,
            fontSize: 11,
            formatter: number(judged[0], 2),
          },
          data: [{ coord: judged }],
        },
      })),
    }),
    [lines, t],
  )
  return (
    <Chart
      label={t('compare.f1')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['evaluation', 'confidence', 'f1'],
        ...lines.flatMap(({ look, line }) => line.map(([conf, f1]) => [look.name, conf, f1 ?? ''])),
      ]}
    />
  )
}
