import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { JobProgress } from '../jobs/JobProgress'
import { isActive, useCancelJob } from '../jobs/queries'
import { useJobTitle } from '../jobs/useJobTitle'
import { OffButton } from '../ui/OffButton'
import { StateMark } from '../ui/StateMark'
import classes from './JobArticle.module.css'

type Props = {
  job: Job
  mayCancel: boolean
  /** The way to the job's own page, where its log is. */
  log?: boolean
  /** What else can be done with it. */
  actions?: ReactNode
  /** What came of it. */
  children: ReactNode
}

/** An import or export: how far it is, or why it failed, then what came of it. */
export function JobArticle({ job, mayCancel, log = true, actions, children }: Props) {
  const { t } = useTranslation('dataset')
  const title = useJobTitle()
  const cancel = useCancelJob()
  return (
    <article>
      <header className={classes.head}>
        <h2>{title(job)}</h2>
        <StateMark state={job.state} />
        <span className={classes.actions}>
          {isActive(job) && mayCancel && (
            <OffButton
              onClick={() => cancel.mutate(job.id)}
              off={job.cancel_requested && t('ui:off.cancelling')}
            >
              {t('ui:cancel')}
            </OffButton>
          )}
          {actions}
          {log && (
            <Button component={Link} to={`/jobs/${job.id}`}>
              {t('log')}
            </Button>
          )}
        </span>
      </header>
      {isActive(job) && <JobProgress job={job} />}
      {job.error && <p className={classes.error}>{job.error}</p>}
      {children}
    </article>
  )
}
