import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import type { ImportAnswers, ImportReport, Job } from '../../api/types'
import { useJob } from '../../jobs/queries'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { JobArticle } from '../JobArticle'
import { useMay } from '../useMay'
import { FoundPredictions } from './FoundPredictions'
import type { Format } from './format'
import classes from './ImportView.module.css'
import { ProblemsTable } from './ProblemsTable'
import { kindsOf, Questions } from './Questions'
import { asImport, useImportChecked } from './queries'

type Props = { job: number; dataset: number; onStarted: (job: Job) => void }

/** One import: how far it is, then what came in and what did not. */
export function ImportView({ job: id, dataset, onStarted }: Props) {
  const { t } = useTranslation('dataset/imports')
  const { data, error } = useJob(id)
  const manages = useMay(dataset, 'manager')
  if (error) return <ProblemNote error={error} />
  if (!data) return null
  const job = asImport(data)
  return (
    <JobArticle
      job={data}
      mayCancel={manages}
      actions={
        job.result && (
          <Button component="a" href={address(`imports/${id}/report`, {})} download={`import-${id}.json`}>
            {t('downloadReport')}
          </Button>
        )
      }
    >
      {data.state === 'failed' && manages && <Again job={id} dataset={dataset} onStarted={onStarted} />}
      {job.result?.dry_run && <DoIt job={id} dataset={dataset} onStarted={onStarted} report={job.result} />}
      {job.result?.images && <Report report={job.result} dataset={dataset} />}
      {job.result?.predictions && (
        <FoundPredictions job={id} dataset={dataset} found={job.result.predictions} />
      )}
    </JobArticle>
  )
}

/** A failed import is asked for again as it was: what was uploaded for it is kept, unless it was refused. */
function Again({ job, dataset, onStarted }: Props) {
  const { t } = useTranslation('dataset/imports')
  const start = useImportChecked(dataset)
  return (
    <div className={classes.checked}>
      <p>{t('againWhat')}</p>
      <Button
        loading={start.isPending}
        onClick={() => start.mutate({ check: job }, { onSuccess: onStarted })}
      >
        {t('again')}
      </Button>
      {start.error && <ProblemNote error={start.error} />}
    </div>
  )
}

/** After a dry run: nothing is written yet, and one button does what was shown. */
function DoIt({ job, dataset, onStarted, report }: Props & { report: ImportReport }) {
  const { t } = useTranslation('dataset/imports')
  const manages = useMay(dataset, 'manager')
  const start = useImportChecked(dataset)
  const [answers, setAnswers] = useState<ImportAnswers>({})
  const questions = report.questions ?? []
  const isOpen = kindsOf(questions).some((kind) => !answers[kind])
  return (
    <div className={classes.checked}>
      <p>{t(questions.length > 0 ? 'wasAsked' : 'wasDryRun')}</p>
      <Questions questions={questions} answers={answers} onAnswer={setAnswers} />
      {manages && (
        <OffButton
          variant="filled"
          off={(cameEmpty(report) && t('ui:off.nothing')) || (isOpen && t('sayFirst'))}
          loading={start.isPending}
          onClick={() => start.mutate({ check: job, ...answers }, { onSuccess: onStarted })}
        >
          {t('doIt')}
        </OffButton>
      )}
      {isOpen && manages && <span className="hd-dim">{t('sayFirst')}</span>}
      {start.error && <ProblemNote error={start.error} />}
    </div>
  )
}

function Report({ report, dataset }: { report: ImportReport; dataset: number }) {
  const { t } = useTranslation('dataset/imports')
  const empty = cameEmpty(report)
  const isLabelsOnly = report.notes.some((note) => note.kind === 'labels_only')
  return (
    <>
      <p className={classes.outcome}>
        {t('readAs', { format: t(`formats.${report.format as Format}`) })}{' '}
        {report.revision === null ? (
          !report.dry_run && t('noRevision')
        ) : (
          <Link
            to="/datasets/$datasetId/revisions/$number"
            params={{ datasetId: String(dataset), number: String(report.revision) }}
          >
            {t('madeRevision', { n: report.revision })}
          </Link>
        )}
      </p>
      <table className={classes.counts}>
        <tbody>
          <CountsRow name={t('images')} counts={report.images} />
          <CountsRow name={t('boxes')} counts={report.boxes} />
        </tbody>
      </table>
      {report.label_states && !empty && (
        <LabelStates states={report.label_states} dataset={report.dry_run ? undefined : dataset} />
      )}
      <Notes
        notes={report.notes.filter((note) => !report.label_states || !SAID_BY_STATES.includes(note.kind))}
        dataset={report.dry_run ? undefined : dataset}
      />
      <div className={classes.next} hidden={empty || report.dry_run}>
        <Button variant="filled" component={Link} to={`/datasets/${dataset}`}>
          {t('seeImages')}
        </Button>
        <Button component={PathLink} href={`/curate/${dataset}?start=split`}>
          {t('split')}
        </Button>
      </div>
      {empty && !isLabelsOnly && <p className={classes.nothing}>{t('nothing')}</p>}
      <ClassCounts classes={report.classes} />
      <ProblemsTable problems={report.problems} total={report.problems_total} kinds={report.kinds} />
    </>
  )
}

/** Whether no image came in, or would. */
function cameEmpty(report: ImportReport): boolean {
  return report.images.added + report.images.unchanged === 0
}

const STATES = [
  ['labelled', 'labelled and not negative'],
  ['negative', 'negative'],
  ['not_labelled', 'not labelled'],
] as const
/** Notes that say the same as the three counts. */
const SAID_BY_STATES = ['no_boxes', 'unlabelled']

/** What is known of the images' labels, in one line; each count leads to such images, once they are there. */
function LabelStates({
  states,
  dataset,
}: {
  states: NonNullable<ImportReport['label_states']>
  dataset?: number
}) {
  const { t } = useTranslation('dataset/imports')
  return (
    <ul className={classes.states} aria-label={t('labelStates')}>
      {STATES.map(([state, line]) => {
        const text = t(`labelState.${state}`, { count: states[state], n: count(states[state]) })
        return (
          <li key={state}>
            {dataset && states[state] > 0 ? (
              <PathLink href={`/datasets/${dataset}?q=${encodeURIComponent(line)}`}>{text}</PathLink>
            ) : (
              text
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** What is worth knowing of the whole: negatives, images without labels, labels without images. */
function Notes({ notes, dataset }: { notes: ImportReport['notes']; dataset?: number }) {
  const { t } = useTranslation('dataset/imports')
  return (
    <ul className={classes.notes}>
      {notes.map((note) => (
        <li key={note.kind} title={note.text}>
          {t(`notes.${note.kind as NoteKind}`, {
            ...note.values,
            count: note.count,
            n: count(note.count),
            defaultValue: note.text,
          })}{' '}
          {note.kind === 'exact_copies' && dataset && <Copies dataset={dataset} />}
        </li>
      ))}
    </ul>
  )
}

/** What can be done about exact copies that came in; before they are there, nothing. */
function Copies({ dataset }: { dataset: number }) {
  const { t } = useTranslation('dataset/imports')
  const manages = useMay(dataset, 'manager')
  return (
    <>
      <PathLink href={`/curate/${dataset}/duplicates`}>{t('seeDuplicates')}</PathLink>
      {manages && (
        <>
          {' · '}
          <PathLink href={`/curate/${dataset}/duplicates?keep=all`}>{t('keepOneOfEach')}</PathLink>
        </>
      )}
    </>
  )
}

type NoteKind =
  | 'no_boxes'
  | 'unlabelled'
  | 'all_refused'
  | 'labels_only'
  | 'stretched'
  | 'stretched_and_cut'
  | 'exact_copies'
  | 'stored_copies'
  | 'encoding'
  | 'no_names'
  | 'renamed'
  | 'other_ending'
  | 'stuff'
  | 'shapes'
  | 'alike_names'
  | 'counted_from_one'
  | 'counted_from_zero'

/** Boxes by class, the most frequent first; how many of them are fit to be taken. */
function ClassCounts({ classes: counts }: { classes: ImportReport['classes'] }) {
  const { t } = useTranslation('dataset/imports')
  if (counts.length === 0) return null
  const most = Math.max(...counts.map((one) => one.found), 1)
  return (
    <section className={classes.classes}>
      <h3>{t('classes', { count: counts.length, n: count(counts.length) })}</h3>
      <table>
        <tbody>
          {[...counts]
            .sort((one, other) => other.found - one.found)
            .map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  {one.name} {one.new && <em>{t('newClass')}</em>}
                </th>
                <td className="hd-num">{count(one.usable)}</td>
                <td>
                  <span style={{ width: `${(100 * one.usable) / most}%` }} />
                </td>
                <td className="hd-num hd-dim">
                  {one.found > one.usable && t('leftOut', { n: count(one.found - one.usable) })}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}

const ORDER = ['found', 'added', 'changed', 'removed', 'unchanged', 'clipped', 'skipped'] as const

/** Counts as they are named by the API, the zeros quiet. */
function CountsRow({
  name,
  counts,
}: {
  name: string
  counts: Partial<Record<(typeof ORDER)[number], number>>
}) {
  const { t } = useTranslation('dataset/imports')
  return (
    <tr>
      <th scope="row">{name}</th>
      {ORDER.filter((key) => counts[key] !== undefined).map((key) => (
        <td
          key={key}
          data-zero={counts[key] === 0 || undefined}
          data-bad={(key === 'skipped' && counts[key] !== 0) || undefined}
        >
          <strong className="hd-num">{count(counts[key] ?? 0)}</strong>
          <span>{t(`count.${key}`)}</span>
        </td>
      ))}
    </tr>
  )
}
