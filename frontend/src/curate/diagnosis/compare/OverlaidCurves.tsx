import { Select, Skeleton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Curves, DatasetClass, Evaluation } from '../../../api/types'
import { useDataset } from '../../../dataset/queries'
import { Chart } from '../../../ui/Chart'
import type { chartStyle } from '../../../ui/chartStyle'
import { number, points } from '../../../ui/format'
import { useGo } from '../../../ui/PathLink'
import { ProblemNote } from '../../../ui/ProblemNote'
import { Section } from '../../../ui/Section'
import { curvesQuery } from '../queries'
import { objectsAddress } from './addresses'
import { type ClassChoice, classChoice, type Line, type Look, pointAt, precisionRecallLines } from './lines'
import classes from './OverlaidCurves.module.css'

type Style = ReturnType<typeof chartStyle>
const HEIGHT = 320
const unit = { min: 0, max: 1, interval: 0.2 }
const DASH = [5, 4]
/** Room for the names of the axes and of the lines. */
const GRID = { top: 28, right: 130, bottom: 24 }

export type Side = { evaluation: Evaluation; look: Look }
type Props = { sides: Side[]; chosen: ClassChoice; choose: (choice: ClassChoice) => void }

/** Precision over recall, and F1 over confidence, of several evaluations over each other. */
export function OverlaidCurves({ sides, chosen, choose }: Props) {
  const { t } = useTranslation('curate/diagnosis')
  const dataset = sides[0]?.evaluation.dataset ?? 0
  const known = useDataset(dataset).data?.classes
  const classId = typeof chosen === 'number' ? chosen : undefined
  const whole = useQueries({ queries: sides.map(({ evaluation }) => curvesQuery(evaluation.id)) })
  const ofClass = useQueries({ queries: sides.map(({ evaluation }) => curvesQuery(evaluation.id, classId)) })
  const failed = [...whole, ...ofClass].find(({ error }) => error)
  if (failed) return <ProblemNote error={failed.error} retry={() => void failed.refetch()} />
  const read = (answers: typeof whole) => answers.map(({ data }) => data).filter((one) => one !== undefined)
  const [curves, f1] = [read(whole), read(ofClass)]
  const ready = known && curves.length === sides.length && f1.length === sides.length
  return (
    <div className={classes.halves}>
      <Section
        title={t('precisionRecall')}
        note={t('atIou', { iou: '0.5' })}
        actions={<ClassSelect every={sides.length === 2} {...{ known, chosen, choose }} />}
      >
        {ready ? (
          <PrecisionRecall sides={sides} curves={curves} chosen={chosen} known={known} />
        ) : (
          <Skeleton height={HEIGHT} />
        )}
      </Section>
      <Section title={t('compare.f1')} note={t('atIou', { iou: '0.5' })}>
        {ready ? <F1 sides={sides} curves={f1} /> : <Skeleton height={HEIGHT} />}
      </Section>
    </div>
  )
}

type SelectProps = { known: DatasetClass[] | undefined; every: boolean } & Pick<Props, 'chosen' | 'choose'>

function ClassSelect({ known, chosen, choose, every }: SelectProps) {
  const { t } = useTranslation('curate/diagnosis')
  return (
    <Select
      size="xs"
      w={190}
      searchable
      aria-label={t('compare.curvesOf')}
      data={[
        { value: 'mean', label: t('compare.mean') },
        ...(every ? [{ value: 'all', label: t('compare.everyClass') }] : []),
        ...(known ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      value={String(chosen)}
      onChange={(value) => choose(classChoice(value))}
    />
  )
}

type PartProps = { sides: Side[]; curves: Curves[] }

function PrecisionRecall({
  sides,
  curves,
  chosen,
  known,
}: PartProps & { chosen: ClassChoice; known: DatasetClass[] }) {
  const { t } = useTranslation('curate/diagnosis')
  const go = useGo()
  const lines = useMemo(
    () =>
      sides.flatMap(({ evaluation, look }, at) =>
        precisionRecallLines(curves[at]!, chosen, look, known).map((line) => ({
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
      xAxis: { ...axis, ...unit, type: 'value', name: t('recall'), nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...axis, ...unit, type: 'value', name: t('precision') },
      tooltip: { trigger: 'item', formatter: pointText(lines, t('recall'), t('precision')) },
      series: lines.map((line) => series(line, chosen !== 'all' || !line.dashed)),
    }),
    [lines, chosen, t],
  )
  return (
    <Chart
      label={t('precisionRecall')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['evaluation', 'class', 'recall', 'precision'],
        ...lines.flatMap((line) =>
          line.points.map(([x, y]) => [
            line.side,
            line.of ? (known.find(({ id }) => id === line.of)?.name ?? '') : '',
            x,
            y ?? '',
          ]),
        ),
      ]}
      onMark={({ seriesIndex }) => {
        const line = lines[seriesIndex ?? -1]
        if (line)
          go(
            objectsAddress(line.evaluation.dataset, line.evaluation.id, { verdicts: 'tp', classes: line.of }),
          )
      }}
    />
  )
}

/** A line with its name at its end; of all classes only the solid lines are named. */
function series({ name, colour, dashed, points: data }: Line, named: boolean) {
  return {
    type: 'line',
    name,
    data,
    showSymbol: false,
    triggerLineEvent: true,
    lineStyle: { width: dashed ? 1.5 : 1.8, color: colour, type: dashed ? DASH : 'solid' },
    itemStyle: { color: colour },
    emphasis: { focus: 'series', lineStyle: { width: 2.6 } },
    endLabel: { show: named, formatter: name, color: colour, fontSize: 11, width: 120, overflow: 'truncate' },
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

/** F1 over confidence; a dot where each was judged. */
function F1({ sides, curves }: PartProps) {
  const { t } = useTranslation('curate/diagnosis')
  const option = useCallback(
    ({ axis }: Style) => ({
      grid: GRID,
      xAxis: { ...axis, ...unit, type: 'value', name: t('confidence'), nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...axis, ...unit, type: 'value', name: 'F1' },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => points(value) },
      series: sides.map(({ evaluation, look }, at) => {
        const data = curves[at]!.f1.map(({ conf, f1 }) => [conf, f1] as [number, number | null])
        const judged = pointAt(curves[at]!.f1, evaluation.conf)
        return {
          ...series({ key: '', ...look, points: data }, true),
          markPoint: judged && {
            symbol: 'circle',
            symbolSize: 8,
            silent: true,
            itemStyle: { color: look.colour },
            label: {
              show: true,
              position: look.dashed ? 'bottom' : 'top',
              color: look.colour,
              fontSize: 11,
              formatter: number(judged[0], 2),
            },
            data: [{ coord: judged }],
          },
        }
      }),
    }),
    [sides, curves, t],
  )
  return (
    <Chart
      label={t('compare.f1')}
      height={HEIGHT}
      option={option}
      csv={() => [
        ['evaluation', 'confidence', 'f1'],
        ...sides.flatMap(({ look }, at) => curves[at]!.f1.map(({ conf, f1 }) => [look.name, conf, f1 ?? ''])),
      ]}
    />
  )
}
