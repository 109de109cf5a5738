import { Popover, Progress, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { runningJobsQuery, useCancelJob } from '../jobs/queries'
import { useJobMessage } from '../jobs/useJobMessage'
import { useJobTitle } from '../jobs/useJobTitle'
import { count, duration, percent } from '../ui/format'
import { OffIcon } from '../ui/OffButton'
import classes from './RunningJobs.module.css'
import { useJobWatcher } from './useJobWatcher'

/** Right end of the top line: what runs now, how far, and a way to stop it. */
export function RunningJobs() {
  const { t } = useTranslation('frame')
  const title = useJobTitle()
  const jobs = useQuery(runningJobsQuery).data ?? []
  useJobWatcher(jobs)
  const first = jobs[0]
  if (!first) return null
  return (
    <Popover position="bottom-end" width={360} trapFocus>
      <Popover.Target>
        <button type="button" className={classes.button}>
          <span className="hd-hidden">{t('runningJobs', { count: jobs.length })}: </span>
          <span className={classes.title}>{title(first)}</span>
          <span className="hd-num hd-dim">
            {first.state === 'queued' ? t('queued') : percent(first.progress)}
          </span>
          {jobs.length > 1 && <span className={classes.more}>+{count(jobs.length - 1)}</span>}
          <span className={classes.line} style={{ transform: `scaleX(${first.progress})` }} />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <ul className={classes.list}>
          {jobs.map((job) => (
            <RunningJob key={job.id} job={job} />
          ))}
        </ul>
        <Link to="/jobs" className={classes.all}>
          {t('allJobs')}
        </Link>
      </Popover.Dropdown>
    </Popover>
  )
}

function RunningJob({ job }: { job: Job }) {
  const { t } = useTranslation('frame')
  const message = useJobMessage()
  const title = useJobTitle()
  const cancel = useCancelJob()
  const asked = job.cancel_requested || cancel.isPending
  return (
    <li className={classes.job}>
      <div className={classes.head}>
        <Link to="/jobs/$jobId" params={{ jobId: String(job.id) }}>
          {title(job)}
        </Link>
        <Tooltip label={t(asked ? 'cancelling' : 'cancel')}>
          <OffIcon
            size={22}
            aria-label={`${t('cancel')}: ${title(job)}`}
            off={asked && t('ui:off.cancelling')}
            onClick={() => cancel.mutate(job.id)}
          >
            <IconX size={14} />
          </OffIcon>
        </Tooltip>
      </div>
      <Progress value={job.progress * 100} aria-label={title(job)} />
      <div className={classes.facts}>
        <span>
          {asked ? t('cancelling') : job.state === 'queued' ? t('queued') : message(job) || t('running')}
        </span>
        {job.eta_seconds !== null && (
          <span className="hd-num">{t('left', { time: duration(job.eta_seconds) })}</span>
        )}
      </div>
    </li>
  )
}
