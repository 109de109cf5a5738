import { Button } from '@mantine/core'
import { IconAdjustmentsSearch, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SearchBrief } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { points } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { ModelTabs } from '../ModelTabs'
import runClasses from '../RunsPage.module.css'
import { searchesQuery } from './queries'

const route = getRouteApi('/framed/model/$datasetId/searches')

/** All searches for settings on a dataset, newest first. */
export function SearchesPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(searchesQuery(id))
  const manages = useMay(id, 'manager')
  const start = () =>
    void navigate({ to: '/model/$datasetId/searches/new', params: { datasetId: String(id) }, search: {} })
  const columns = useColumns()
  useActions([
    {
      id: 'search',
      label: t('search.new'),
      group: t('tabs.searches'),
      keys: 'n',
      disabled: !manages,
      perform: start,
    },
  ])
  const button = manages && (
    <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={start}>
      {t('search.new')}
    </Button>
  )
  return (
    <Page
      title={t('tabs.searches')}
      dataset={id}
      padded
      tabs={<ModelTabs dataset={id} current="searches" />}
      actions={button}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 ? (
        <EmptyState
          icon={<IconAdjustmentsSearch size={34} stroke={1.3} />}
          title={t('search.none')}
          action={button}
        >
          {t('search.noneWhat')}
        </EmptyState>
      ) : (
        <Table
          label={t('tabs.searches')}
          columns={columns}
          rows={data?.items}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: '/searches/$searchId', params: { searchId: String(one.id) } })}
        />
      )}
    </Page>
  )
}

function useColumns(): Column<SearchBrief>[] {
  const { t } = useTranslation('model')
  return [
    {
      key: 'name',
      head: t('search.one'),
      cell: (one) => (
        <Link to="/searches/$searchId" params={{ searchId: String(one.id) }} className={runClasses.name}>
          {one.name}
        </Link>
      ),
    },
    {
      key: 'state',
      head: t('state'),
      width: 140,
      cell: (one) => <StateMark state={one.state} progress={one.job?.progress ?? 0} />,
    },
    {
      key: 'trials',
      head: t('search.trials'),
      numeric: true,
      width: 120,
      cell: (one) => t('search.ofTrials', { n: one.finished, of: one.trials }),
    },
    {
      key: 'best',
      head: t('search.best'),
      numeric: true,
      width: 110,
      sort: (one) => one.best,
      cell: (one) => points(one.best),
    },
    {
      key: 'better',
      head: t('search.shows'),
      width: 190,
      cell: (one) => <Told better={one.better} />,
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

function Told({ better }: { better: boolean | null }) {
  const { t } = useTranslation('model')
  if (better === null) return <span className="hd-faint">–</span>
  return <span>{t(better ? 'search.above' : 'search.inside')}</span>
}
