import { Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { duration, percent } from '../ui/format'
import classes from './JobProgress.module.css'
import { useJobMessage } from './useJobMessage'
import { useJobTitle } from './useJobTitle'

/** What a job is doing, how far it is, and how long still. */
export function JobProgress({
  job,
}: {
  job: Pick<
    Job,
    | 'title'
    | 'title_code'
    | 'title_names'
    | 'state'
    | 'progress'
    | 'message'
    | 'message_parts'
    | 'eta_seconds'
    | 'cancel_requested'
  >
}) {
  const { t } = useTranslation('jobs')
  const title = useJobTitle()
  const message = useJobMessage()
  const doing = job.cancel_requested
    ? t('cancelling')
    : job.state === 'queued'
      ? t('waits')
      : message(job) || t('starts')
  return (
    <div className={classes.progress}>
      <Progress value={job.progress * 100} size={6} aria-label={title(job)} />
      <div className={classes.words}>
        <span className="hd-num">{percent(job.progress)}</span>
        <span>{doing}</span>
        {job.eta_seconds !== null && (
          <span className="hd-num hd-dim">{t('left', { time: duration(job.eta_seconds) })}</span>
        )}
      </div>
    </div>
  )
}
