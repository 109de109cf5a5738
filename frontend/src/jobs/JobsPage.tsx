import { SegmentedControl } from '@mantine/core'
import { IconProgress } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { Page } from '../page/Page'
import { EmptyState } from '../ui/EmptyState'
import { duration, personName } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { StateMark } from '../ui/StateMark'
import { type Column, Table } from '../ui/Table'
import { Time } from '../ui/Time'
import { jobsQuery } from './queries'
import { secondsTaken } from './times'
import { useJobTitle } from './useJobTitle'

const route = getRouteApi('/framed/jobs')
const STATES = ['', 'running', 'queued', 'succeeded', 'failed', 'cancelled'] as const

/** All long work that one may see, newest first. */
export function JobsPage() {
  const { t } = useTranslation(['jobs', 'ui'])
  const { state, dataset } = route.useSearch()
  const navigate = useNavigate()
  const columns = useColumns()
  const jobs = useQuery(jobsQuery({ state: STATES.find((one) => one === state), dataset, limit: 200 }))
  return (
    <Page
      title={t('title')}
      padded
      tabs={
        <SegmentedControl
          style={{ alignSelf: 'center' }}
          aria-label={t('state')}
          value={state ?? ''}
          data={STATES.map((value) => ({ value, label: value ? t(`ui:state.${value}`) : t('all') }))}
          onChange={(value) => void navigate({ to: '/jobs', search: { state: value || undefined, dataset } })}
        />
      }
    >
      {jobs.error ? (
        <ProblemNote error={jobs.error} retry={() => void jobs.refetch()} />
      ) : jobs.data?.items.length === 0 ? (
        <EmptyState icon={<IconProgress size={34} stroke={1.3} />} title={t(state ? 'noneInState' : 'none')}>
          {!state && t('noneWhat')}
        </EmptyState>
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={jobs.data?.items}
          rowKey={(job) => job.id}
          onOpen={(job) => void navigate({ to: '/jobs/$jobId', params: { jobId: String(job.id) } })}
        />
      )}
    </Page>
  )
}

function useColumns(): Column<Job>[] {
  const { t } = useTranslation('jobs')
  const title = useJobTitle()
  return [
    {
      key: 'title',
      head: t('job'),
      cell: (job) => (
        <Link to="/jobs/$jobId" params={{ jobId: String(job.id) }} style={{ textDecoration: 'none' }}>
          {title(job)}
        </Link>
      ),
    },
    {
      key: 'state',
      head: t('state'),
      width: 150,
      cell: (job) => <StateMark state={job.state} progress={job.progress} />,
    },
    {
      key: 'took',
      head: t('took'),
      numeric: true,
      width: 110,
      cell: (job) => {
        const seconds = secondsTaken(job)
        return seconds === null ? '–' : duration(seconds)
      },
    },
    {
      key: 'by',
      head: t('by'),
      width: 130,
      cell: (job) => <span className="hd-dim">{personName(job.created_by)}</span>,
    },
    { key: 'at', head: t('asked'), width: 130, cell: (job) => <Time at={job.created_at} /> },
  ]
}
