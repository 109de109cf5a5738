import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { Crumb } from '../page/Crumb'
import { Page } from '../page/Page'
import { useActions } from '../ui/actions'
import { Facts } from '../ui/Facts'
import { dateTime, duration, personName } from '../ui/format'
import { LogView } from '../ui/LogView'
import { OffButton } from '../ui/OffButton'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { StateMark } from '../ui/StateMark'
import { toastProblem } from '../ui/toast'
import classes from './JobPage.module.css'
import { JobProgress } from './JobProgress'
import { isActive, jobQuery, useCancelJob } from './queries'
import { secondsTaken } from './times'
import { useJobMessage } from './useJobMessage'
import { useJobTitle } from './useJobTitle'

const route = getRouteApi('/framed/jobs/$jobId')

export function JobPage() {
  const { t } = useTranslation('jobs')
  const title = useJobTitle()
  const id = Number(route.useParams().jobId)
  const { data: job, error, refetch } = useQuery(jobQuery(id))
  const cancel = useCancelJob()
  const active = isActive(job)
  const stop = () => cancel.mutate(id, { onError: toastProblem })
  useActions(active ? [{ id: 'cancelJob', label: t('cancel'), group: t('job'), perform: stop }] : [])
  return (
    <Page
      title={job ? title(job) : '…'}
      crumbs={<Crumb label={t('title')} to="/jobs" />}
      progress={active ? job?.progress : undefined}
      padded
      tabs={job && <StateMark state={job.state} />}
      actions={
        <>
          {job && active && (
            <OffButton
              onClick={stop}
              loading={cancel.isPending}
              off={job.cancel_requested && t('ui:off.cancelling')}
            >
              {t(job.cancel_requested ? 'cancelling' : 'cancel')}
            </OffButton>
          )}
          {job?.link && !active && job.state === 'succeeded' && (
            <Button variant="filled" component={PathLink} href={job.link}>
              {t('openResult')}
            </Button>
          )}
        </>
      }
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {job && <JobBody job={job} active={active} />}
    </Page>
  )
}

/** Whether it made less than it was asked for: its last message says why. */
const hasShort = ({ state, result }: Job) => state === 'succeeded' && !!result?.short

function JobBody({ job, active }: { job: Job; active: boolean }) {
  const { t } = useTranslation('jobs')
  const message = useJobMessage()
  const seconds = secondsTaken(job)
  return (
    <>
      {active && <JobProgress job={job} />}
      {job.error && (
        <div className={classes.error} role="alert">
          <strong>{t('why')}</strong>
          <p>{job.error}</p>
        </div>
      )}
      {hasShort(job) && <p>{message(job)}</p>}
      <Section title={t('facts')}>
        <Facts
          of={{
            [t('makes')]: job.link ? <PathLink href={job.link}>{job.link}</PathLink> : null,
            [t('by')]: personName(job.created_by),
            [t('asked')]: dateTime(job.created_at),
            [t('started')]: job.started_at && dateTime(job.started_at),
            [t('finished')]: job.finished_at && dateTime(job.finished_at),
            [t('took')]: seconds !== null && !active ? duration(seconds) : null,
            [t('queue')]: job.queue,
            [t('attempts')]: job.attempts > 1 ? job.attempts : null,
          }}
        />
      </Section>
      <Section title={t('log')}>
        <LogView path={`jobs/${job.id}/log`} job={job.id} live={active} height={380} />
      </Section>
    </>
  )
}
