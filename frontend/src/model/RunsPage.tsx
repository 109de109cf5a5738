import { Button } from '@mantine/core'
import { IconChartDots3, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Run } from '../api/types'
import { runsQuery } from '../dataset/runs/queries'
import { useMay } from '../dataset/useMay'
import { Page } from '../page/Page'
import { useActions } from '../ui/actions'
import { EmptyState } from '../ui/EmptyState'
import { Figure } from '../ui/Figure'
import { count, duration } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { StateMark } from '../ui/StateMark'
import { type Column, Table } from '../ui/Table'
import { Time } from '../ui/Time'
import { ModelTabs } from './ModelTabs'
import classes from './RunsPage.module.css'

const route = getRouteApi('/framed/model/$datasetId')

/** All trainings on a dataset, newest first, with what they reached. */
export function RunsPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const navigate = useNavigate()
  const runs = useQuery(runsQuery(id))
  const manages = useMay(id, 'manager')
  const start = () =>
    void navigate({ to: '/model/$datasetId/new', params: { datasetId: String(id) }, search: {} })
  const open = (run: Run) => void navigate({ to: '/runs/$runId', params: { runId: String(run.id) } })
  const columns = useColumns()
  useActions([
    { id: 'train', label: t('train'), group: t('tabs.runs'), keys: 'n', disabled: !manages, perform: start },
  ])
  return (
    <Page
      title={t('tabs.runs')}
      dataset={id}
      padded
      tabs={<ModelTabs dataset={id} current="runs" />}
      actions={
        manages && (
          <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={start}>
            {t('train')}
          </Button>
        )
      }
    >
      {runs.error && <ProblemNote error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconChartDots3 size={34} stroke={1.3} />}
          title={t('noRuns')}
          action={
            manages && (
              <Button variant="filled" onClick={start}>
                {t('train')}
              </Button>
            )
          }
        >
          {t('noRunsWhat')}
        </EmptyState>
      ) : (
        <Table
          label={t('tabs.runs')}
          columns={columns}
          rows={runs.data?.items}
          rowKey={(run) => run.id}
          onOpen={open}
        />
      )}
    </Page>
  )
}

function useColumns(): Column<Run>[] {
  const { t } = useTranslation('model')
  return [
    {
      key: 'name',
      head: t('run'),
      cell: (run) => (
        <>
          <Link to="/runs/$runId" params={{ runId: String(run.id) }} className={classes.name}>
            {run.name}
          </Link>
          <span className={classes.from}>
            {run.control_of
              ? t('controlOf', { name: run.control_of.name })
              : run.parent
                ? t('carriesOn', { name: run.parent.name })
                : ''}
          </span>
        </>
      ),
    },
    {
      key: 'state',
      head: t('state'),
      width: 140,
      cell: (run) => <StateMark state={run.state} progress={run.job?.progress} />,
    },
    {
      key: 'baseline',
      head: t('baseline'),
      width: 110,
      cell: (run) => (
        <>
          <span className="hd-dim">{run.baseline}</span>
          {(run.devices ?? 1) > 1 && (
            <span className={classes.from}>{t('onDevices', { n: run.devices })}</span>
          )}
        </>
      ),
    },
    {
      key: 'images',
      head: t('images'),
      numeric: true,
      width: 90,
      sort: (run) => run.train_manifest?.image_count ?? null,
      cell: (run) => (run.train_manifest ? count(run.train_manifest.image_count) : '–'),
    },
    {
      key: 'revision',
      head: t('revision'),
      numeric: true,
      width: 90,
      sort: (run) => run.revision,
      cell: (run) => run.revision,
    },
    {
      key: 'validation',
      head: t('validation'),
      width: 190,
      cell: (run) => (
        <span className={classes.slice} title={run.validation_slice.name}>
          {run.validation_slice.name}
        </span>
      ),
    },
    {
      key: 'AP',
      head: 'mAP',
      numeric: true,
      width: 142,
      sort: (run) => run.evaluation?.figures?.AP ?? null,
      cell: (run) => <Figure value={run.evaluation?.figures?.AP} interval={run.evaluation?.interval} />,
    },
    {
      key: 'AP50',
      head: 'mAP50',
      numeric: true,
      width: 142,
      sort: (run) => run.evaluation?.figures?.AP50 ?? null,
      cell: (run) => <Figure value={run.evaluation?.figures?.AP50} interval={run.evaluation?.interval50} />,
    },
    {
      key: 'took',
      head: t('took'),
      numeric: true,
      width: 110,
      sort: (run) => run.seconds,
      cell: (run) => (run.seconds === null ? '–' : duration(run.seconds)),
    },
    {
      key: 'at',
      head: t('at'),
      width: 120,
      sort: (run) => run.created_at,
      cell: (run) => <Time at={run.created_at} />,
    },
  ]
}
