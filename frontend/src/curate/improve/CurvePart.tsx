import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { CurvePoint, LearningCurve, PowerLaw } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { Chart, type ChartMark } from '../../ui/Chart'
import type { chartStyle } from '../../ui/chartStyle'
import { count, points as inPoints } from '../../ui/format'
import { useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import classes from './Improve.module.css'
import { curveQuery } from './queries'
import { curveOf, curveRows, floorOf, gainText } from './view'

type Props = {
  dataset: number
  run?: number
  classId?: number
  choose: (classId: number | undefined) => void
}
const ALL = 'all'

/** What more data brings: trainings on nested parts of the images, and the power law through them, up to twice the data. */
export function CurvePart({ dataset, run, classId, choose }: Props) {
  const { t } = useTranslation('curate/improve')
  const { data, error, refetch } = useQuery(curveQuery(dataset, run))
  const known = useClasses(dataset)
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={260} />
  if (!data.run) return null
  const names = data.classes.map(({ class_id }) => ({
    value: String(class_id),
    label: known.get(class_id)?.name ?? `#${class_id}`,
  }))
  return (
    <Section
      title={t('curve')}
      note={t('curveOf', { name: data.run.name })}
      actions={
        names.length > 0 && (
          <Select
            aria-label={t('curveClass')}
            data={[{ value: ALL, label: t('allClasses') }, ...names]}
            value={classId === undefined ? ALL : String(classId)}
            onChange={(value) => choose(!value || value === ALL ? undefined : Number(value))}
          />
        )
      }
    >
      <Curve curve={data} classId={classId} />
    </Section>
  )
}

function Curve({ curve, classId }: { curve: LearningCurve; classId: number | undefined }) {
  const { t } = useTranslation('curate/improve')
  const { points, law } = curveOf(curve, classId)
  return (
    <>
      {points.length > 0 && <CurveChart points={points} law={law} ofClass={classId !== undefined} />}
      <p className={classes.note}>
        {law ? (
          <>
            {t('doubling', { gain: gainText(law.doubling) })}{' '}
            {law.sure_of_exponent ? t('fromSizes', { n: law.sizes }) : t('unsure', { n: law.sizes })}
          </>
        ) : (
          (curve.refusal ?? t(curve.waiting.length ? 'waiting' : 'oneSize'))
        )}{' '}
        {law && t('equalCompute')}
      </p>
    </>
  )
}

type Style = ReturnType<typeof chartStyle>
type ChartProps = { points: CurvePoint[]; law: PowerLaw | null; ofClass: boolean }

function CurveChart({ points, law, ofClass }: ChartProps) {
  const { t } = useTranslation('curate/improve')
  const go = useGo()
  const option = useCallback(
    ({ axis, ink }: Style) => ({
      animation: false,
      grid: { left: 8, right: 20, top: 26, bottom: 26, containLabel: true },
      xAxis: {
        ...axis,
        type: 'value',
        min: 0,
        name: t(ofClass ? 'labels' : 'images'),
        nameLocation: 'middle',
        nameGap: 26,
        splitLine: { show: false },
      },
      yAxis: {
        ...axis,
        type: 'value',
        min: floorOf(points, law),
        name: ofClass ? 'AP' : 'mAP',
        splitNumber: 4,
      },
      tooltip: { trigger: 'item', formatter: textOf(t('images'), t('labels'), ofClass) },
      series: [...lawSeries(law, ink), ...pointSeries(points, ink)],
    }),
    [points, law, ofClass, t],
  )
  const open = ({ data }: ChartMark) => {
    const evaluation = (data as { evaluation?: number } | undefined)?.evaluation
    if (evaluation) go(`/evaluations/${evaluation}`)
  }
  return (
    <Chart label={t('curve')} height={260} option={option} csv={() => curveRows(points, law)} onMark={open} />
  )
}

/** The band of the law's 95 % as a stack (its lower end, unseen, and its width), and its middle. */
function lawSeries(law: PowerLaw | null, ink: Style['ink']) {
  if (!law) return []
  const band = { type: 'line', stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, silent: true }
  const scaled = law.line.map(({ n, ap, low, high }) => ({
    n,
    ap: 100 * ap,
    low: 100 * (low ?? ap),
    width: 100 * ((high ?? ap) - (low ?? ap)),
  }))
  return [
    { ...band, data: scaled.map(({ n, low }) => [n, low]) },
    {
      ...band,
      data: scaled.map(({ n, width }) => [n, width]),
      areaStyle: { color: ink.dim, opacity: 0.18 },
    },
    {
      type: 'line',
      symbol: 'none',
      silent: true,
      data: scaled.map(({ n, ap }) => [n, ap]),
      lineStyle: { color: ink.dim, width: 1.5, type: 'dashed' },
    },
  ]
}

/** A dot for each training, which opens its evaluation, with its interval as a thin line. */
function pointSeries(points: CurvePoint[], ink: Style['ink']) {
  const bars = points.flatMap(({ n, low, high }) =>
    low === null || high === null
      ? []
      : [
          {
            type: 'line',
            symbol: 'none',
            silent: true,
            data: [
              [n, 100 * low],
              [n, 100 * high],
            ],
            lineStyle: { color: ink.dim, width: 1 },
          },
        ],
  )
  const dots = {
    type: 'scatter',
    symbolSize: 9,
    z: 5,
    itemStyle: { color: ink.accent, borderColor: ink.panel, borderWidth: 1.5 },
    data: points.map(({ n, ap, low, high, run, evaluation }) => ({
      name: run.name,
      value: [n, 100 * ap, low, high],
      evaluation,
    })),
  }
  return [...bars, dots]
}

function textOf(images: string, labels: string, ofClass: boolean) {
  return ({ name, value }: { name: string; value: (number | null)[] }) => {
    const [n, ap, low, high] = value
    const bounds = low == null || high == null ? '' : ` [${inPoints(low)}, ${inPoints(high)}]`
    const size = `${count(n ?? 0)} ${ofClass ? labels : images}`
    return `${escaped(name)}<br>${size}: ${inPoints((ap ?? 0) / 100)}${bounds}`
  }
}

const escaped = (text: string) =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign)
