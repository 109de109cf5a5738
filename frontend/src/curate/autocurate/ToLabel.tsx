import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import type { Part } from '../../jobs/useJobMessage'
import { ClassName } from '../../ui/ClassName'
import { Facts } from '../../ui/Facts'
import { count, number } from '../../ui/format'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { useMinutes } from './minutes'
import { Picks } from './Picks'
import classes from './Picks.module.css'
import { Shortfall } from './Shortfall'

export type ClassRow = { class_id: number; labelled: number; chosen: number; pool: number }
export type ValueRow = { value: string | number | boolean; labelled: number; chosen: number; pool: number }
type Cost = {
  boxes: number
  minutes: number
  pool_boxes: number
  pool_minutes: number
  measured_in: 'dataset' | 'project' | 'default'
  tasks: number
}
export type ToLabelReport = {
  images: number
  looked_at: { images: number; labelled: number }
  prediction_set: number | null
  evaluation: number | null
  measure: 'embedding' | 'hash' | 'none'
  by_reason: Record<string, number>
  left_out: { near_duplicate: number; sequence: number }
  /** Why there are fewer images than were asked for; missing in reports from before it was said. */
  short?: Part | null
  expected_boxes: number | null
  cost?: Cost | null // not in runs of before it was counted
  classes: ClassRow[]
  strata: { key: string; values: ValueRow[] }[]
  sequences: { sequences: number; most: number; alone: number }
}

/** What a run chose to be labelled: what it consists of, then the images in the order to label, each with its reason. */
export function ToLabel({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const report = run.report as unknown as ToLabelReport
  return (
    <div className={classes.parts}>
      <div>
        <ChoiceFacts report={report} />
        <Section title={t('toLabel', { n: count(report.images) })} note={t('inOrderToLabel')}>
          <Picks run={run} none={t('nothingToLabel')} />
        </Section>
      </div>
      <div>
        {report.classes.length > 0 && (
          <ClassTable
            run={run}
            rows={report.classes}
            note={t('expectedNote')}
            heads={[t('objectsLabelled'), t('expectedHere'), t('expectedInPool')]}
          />
        )}
        {report.strata.map(({ key, values }) => (
          <ValueTable
            key={key}
            field={key}
            rows={values}
            heads={[t('imagesLabelled'), t('imagesChosen'), t('imagesInPool')]}
          />
        ))}
      </div>
    </div>
  )
}

function ChoiceFacts({ report }: { report: ToLabelReport }) {
  const { t } = useTranslation('curate/autocurate')
  const { sequences, left_out } = report
  const by = [
    report.prediction_set !== null && t('byCheckpoint'),
    report.evaluation !== null && t('byEvaluation'),
    t(`byMeasure.${report.measure}`),
  ]
  return (
    <Section title={t('choice')}>
      <Shortfall short={report.short} />
      <Facts
        of={{
          [t('chosenFrom')]: t('chosenOf', {
            n: count(report.images),
            pool: count(report.looked_at.images),
            labelled: count(report.looked_at.labelled),
          }),
          [t('chosenBy')]: by.filter(Boolean).join(', '),
          [t('reasons')]: Object.entries(report.by_reason)
            .sort(([, a], [, b]) => b - a)
            .map(([code, n]) => `${t(`reasonShort.${code}`)} ${count(n)}`)
            .join(' · '),
          [t('boxesToDraw')]: report.expected_boxes !== null && <BoxesToDraw report={report} />,
          [t('labelling.title')]: report.cost && <LabellingTime cost={report.cost} />,
          [t('sequencesChosen')]:
            sequences.sequences > 0 &&
            t('sequencesOf', { n: count(sequences.sequences), most: count(sequences.most) }),
          [t('leftOut')]: t('leftOutOf', {
            duplicates: count(left_out.near_duplicate),
            sequence: count(left_out.sequence),
          }),
        }}
      />
    </Section>
  )
}

function BoxesToDraw({ report: { expected_boxes, cost, images } }: { report: ToLabelReport }) {
  const { t } = useTranslation('curate/autocurate')
  const each = (boxes: number) => number(boxes / Math.max(images, 1), 2)
  return (
    <>
      {t('about', { n: count(expected_boxes ?? 0) })}{' '}
      {cost && (
        <span className="hd-dim">
          {t('labelling.boxesEach', { n: each(cost.boxes), pool: each(cost.pool_boxes) })}
        </span>
      )}
    </>
  )
}

/** What labelling the choice takes a person, and what as many images drawn at random would. */
function LabellingTime({ cost }: { cost: Cost }) {
  const { t } = useTranslation('curate/autocurate')
  const inWords = useMinutes()
  const source = t(`forecast.measuredIn.${cost.measured_in}`, { tasks: count(cost.tasks) })
  return (
    <>
      {t('labelling.minutes', { n: inWords(cost.minutes), pool: inWords(cost.pool_minutes) })}{' '}
      <span className="hd-dim">{source}</span>
    </>
  )
}

/** What the columns of amounts are called: what there is, what was chosen, what it was chosen from. */
type Heads = [string, string, string]

type ClassTableProps = { run: AutoCurateDetail; rows: ClassRow[]; note: string; heads: Heads }

export function ClassTable({ run, rows, note, heads }: ClassTableProps) {
  const { t } = useTranslation('curate/autocurate')
  const known = useClasses(run.dataset)
  const columns: Column<ClassRow>[] = [
    { key: 'class', head: t('class'), cell: (row) => <ClassName of={known.get(row.class_id)} /> },
    ...amounts<ClassRow>(heads),
  ]
  return (
    <Section title={t('classShares')} note={note}>
      <Table label={t('classShares')} columns={columns} rows={rows} rowKey={(row) => row.class_id} />
    </Section>
  )
}

export function ValueTable({ field, rows, heads }: { field: string; rows: ValueRow[]; heads: Heads }) {
  const columns: Column<ValueRow>[] = [
    { key: 'value', head: field, cell: (row) => String(row.value) },
    ...amounts<ValueRow>(heads),
  ]
  return (
    <Section title={field}>
      <Table label={field} columns={columns} rows={rows} rowKey={(row) => String(row.value)} />
    </Section>
  )
}

type Amounts = { labelled: number; chosen: number; pool: number }

/** Three columns of numbers: what is labelled, what was chosen, what it was chosen from. */
function amounts<Row extends Amounts>([labelled, chosen, pool]: Heads) {
  const heads = { labelled, chosen, pool }
  return (['labelled', 'chosen', 'pool'] as const).map(
    (key): Column<Row> => ({
      key,
      head: heads[key],
      numeric: true,
      width: 88,
      cell: (row) => count(row[key]),
      sort: (row) => row[key],
    }),
  )
}
