import { Button } from '@mantine/core'
import { IconFlask2, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Experiment } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { isActive } from '../../jobs/queries'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { Delta } from '../../ui/Figure'
import { ProblemNote } from '../../ui/ProblemNote'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { ModelTabs } from '../ModelTabs'
import runClasses from '../RunsPage.module.css'
import { experimentsQuery } from './queries'
import { shareOf } from './standing'

const route = getRouteApi('/framed/model/$datasetId/experiments')

/** All experiments on a dataset, newest first, with what they show. */
export function ExperimentsPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(experimentsQuery(id))
  const manages = useMay(id, 'manager')
  const start = () =>
    void navigate({ to: '/model/$datasetId/experiments/new', params: { datasetId: String(id) }, search: {} })
  const open = (one: Experiment) =>
    void navigate({ to: '/experiments/$experimentId', params: { experimentId: String(one.id) } })
  const columns = useColumns()
  useActions([
    {
      id: 'experiment',
      label: t('experiment.new'),
      group: t('tabs.experiments'),
      keys: 'n',
      disabled: !manages,
      perform: start,
    },
  ])
  const button = manages && (
    <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={start}>
      {t('experiment.new')}
    </Button>
  )
  return (
    <Page
      title={t('tabs.experiments')}
      dataset={id}
      padded
      tabs={<ModelTabs dataset={id} current="experiments" />}
      actions={button}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 ? (
        <EmptyState icon={<IconFlask2 size={34} stroke={1.3} />} title={t('experiment.none')} action={button}>
          {t('experiment.noneWhat')}
        </EmptyState>
      ) : (
        <Table
          label={t('tabs.experiments')}
          columns={columns}
          rows={data?.items}
          rowKey={(one) => one.id}
          onOpen={open}
        />
      )}
    </Page>
  )
}

function useColumns(): Column<Experiment>[] {
  const { t } = useTranslation('model')
  return [
    {
      key: 'name',
      head: t('experiment.one'),
      cell: (one) => (
        <>
          <Link
            to="/experiments/$experimentId"
            params={{ experimentId: String(one.id) }}
            className={runClasses.name}
          >
            {one.name}
          </Link>
          <span className={runClasses.from}>
            {one.parent ? t('carriesOn', { name: one.parent.name }) : ''}
          </span>
        </>
      ),
    },
    {
      key: 'state',
      head: t('state'),
      width: 140,
      cell: (one) => <StateMark state={one.state} progress={shareOf(one)} />,
    },
    {
      key: 'seeds',
      head: t('experiment.seedsHead'),
      numeric: true,
      width: 110,
      cell: (one) => t('experiment.ofSeeds', { n: one.finished_pairs, of: one.seeds.length }),
    },
    {
      key: 'delta',
      head: t('experiment.difference'),
      numeric: true,
      width: 260,
      sort: (one) => one.result?.delta?.mAP.value ?? null,
      cell: (one) => <Shown of={one} />,
    },
    {
      key: 'at',
      head: t('at'),
      width: 120,
      sort: (one) => one.created_at,
      cell: (one) => <Time at={one.created_at} />,
    },
  ]
}

function Shown({ of }: { of: Experiment }) {
  const found = of.result?.delta?.mAP
  if (!found) return <span className="hd-faint">–</span>
  return (
    <Delta
      value={found.value}
      low={found.low}
      high={found.high}
      level={found.level}
      verdict={isActive(of) ? undefined : found.verdict}
    />
  )
}
