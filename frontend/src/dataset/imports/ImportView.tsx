import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ImportReport } from '../../api/types'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive, useCancelJob, useJob } from '../../jobs/queries'
import { download } from '../../ui/csv'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { StateMark } from '../../ui/StateMark'
import classes from './ImportView.module.css'
import { ProblemsTable } from './ProblemsTable'
import type { ImportJob } from './queries'

/** One import: how far it is, then what came in and what did not. */
export function ImportView({ job: id, dataset }: { job: number; dataset: number }) {
  const { t } = useTranslation('dataset/imports')
  const { data, error } = useJob(id)
  const cancel = useCancelJob()
  if (error) return <ProblemNote error={error} />
  if (!data) return null
  const job = data as unknown as ImportJob
  return (
    <article>
      <header className={classes.head}>
        <h2>{job.title}</h2>
        <StateMark state={job.state} />
        <span className={classes.actions}>
          {isActive(job) && (
            <Button onClick={() => cancel.mutate(id)} disabled={job.cancel_requested}>
              {t('cancel')}
            </Button>
          )}
          {job.result && (
            <Button
              onClick={() =>
                download(`import-${id}.json`, JSON.stringify(job.result, null, 2), 'application/json')
              }
            >
              {t('downloadReport')}
            </Button>
          )}
          <Button component={Link} to={`/jobs/${id}`}>
            {t('log')}
          </Button>
        </span>
      </header>
      {isActive(job) && <JobProgress job={job} />}
      {job.error && <p className={classes.error}>{job.error}</p>}
      {job.result?.images && <Report report={job.result} dataset={dataset} />}
    </article>
  )
}

function Report({ report, dataset }: { report: ImportReport; dataset: number }) {
  const { t } = useTranslation('dataset/imports')
  const empty = report.images.added + report.images.unchanged === 0
  return (
    <>
      <p className={classes.outcome}>
        {t('readAs', { format: report.format.toUpperCase() })}{' '}
        {report.revision === null ? (
          t('noRevision')
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
      <div className={classes.next} hidden={empty}>
        <Button variant="filled" component={Link} to={`/datasets/${dataset}`}>
          {t('seeImages')}
        </Button>
        <Button component={Link} to={`/curate/${dataset}`}>
          {t('split')}
        </Button>
      </div>
      {empty && <p className={classes.nothing}>{t('nothing')}</p>}
      <ProblemsTable problems={report.problems} total={report.problems_total} />
    </>
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
