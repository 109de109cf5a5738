import { Button, Menu } from '@mantine/core'
import { IconPlus, IconSparkles } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurate } from '../../api/types'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { count, personName } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { CurateTabs } from '../CurateTabs'
import { runsQuery } from './queries'
import { KINDS, type Kind, StartDialog } from './StartDialog'

const route = getRouteApi('/framed/curate/$datasetId')

/** What was auto-curated so far, and a way to start each kind. */
export function AutoCuratePage() {
  const { t } = useTranslation('curate/autocurate')
  const id = Number(route.useParams().datasetId)
  const { start } = useSearch({ strict: false }) as { start?: string } // what the step before leads to
  const runs = useQuery(runsQuery(id))
  const [starting, setStarting] = useState<Kind | null>(KINDS.find((kind) => kind === start) ?? null)
  const go = useGo()
  const columns = useColumns()
  useActions(
    KINDS.map((kind) => ({
      id: kind,
      label: t(`kind.${kind}`),
      group: t('title'),
      perform: () => setStarting(kind),
    })),
  )
  return (
    <Page
      title={t('title')}
      dataset={id}
      padded
      tabs={<CurateTabs dataset={id} current="auto" />}
      actions={
        <Menu position="bottom-end" width={300}>
          <Menu.Target>
            <Button variant="filled" leftSection={<IconPlus size={14} />}>
              {t('start')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {KINDS.map((kind) => (
              <Menu.Item key={kind} onClick={() => setStarting(kind)}>
                {t(`kind.${kind}`)}
                <span className="hd-dim" style={{ display: 'block', fontSize: 12 }}>
                  {t(`short.${kind}`)}
                </span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      }
    >
      {runs.error && <ProblemNote error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data?.length === 0 ? (
        <EmptyState
          icon={<IconSparkles size={34} stroke={1.3} />}
          title={t('none')}
          action={
            <Button variant="filled" onClick={() => setStarting('split')}>
              {t('kind.split')}
            </Button>
          }
        >
          {t('noneWhat')}
        </EmptyState>
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={runs.data}
          rowKey={(run) => run.id}
          onOpen={(run) => go(`/curate/${id}/auto/${run.id}`)}
        />
      )}
      {starting && <StartDialog dataset={id} kind={starting} close={() => setStarting(null)} />}
    </Page>
  )
}

function useColumns(): Column<AutoCurate>[] {
  const { t } = useTranslation('curate/autocurate')
  return [
    {
      key: 'kind',
      head: t('what'),
      cell: (run) => (
        <PathLink href={`/curate/${run.dataset}/auto/${run.id}`}>{t(`kind.${run.kind}`)}</PathLink>
      ),
    },
    {
      key: 'source',
      head: t('lookedAt'),
      cell: (run) => <span className="hd-dim">{sourceName(run) || t('allImages')}</span>,
    },
    {
      key: 'found',
      head: t('found'),
      cell: (run) =>
        run.state === 'succeeded' ? (
          <>
            {run.slices.map((slice, at) => (
              <span key={slice.id}>
                {at > 0 && ', '}
                <PathLink href={`/datasets/${run.dataset}/slices/${slice.id}`}>{slice.name}</PathLink>{' '}
                <span className="hd-dim hd-num">{count(slice.image_count ?? 0)}</span>
              </span>
            ))}
            {run.suggestions > 0 && (
              <span className="hd-dim"> · {t('suggestions', { n: count(run.suggestions) })}</span>
            )}
          </>
        ) : (
          <StateMark state={run.state} />
        ),
    },
    { key: 'by', head: t('by'), width: 160, cell: (run) => personName(run.created_by) },
    {
      key: 'at',
      head: t('at'),
      width: 130,
      sort: (run) => run.created_at,
      cell: (run) => <Time at={run.created_at} />,
    },
  ]
}

/** The slice and query that a run looked at, as text; empty where it was the whole dataset. */
export function sourceName(run: Pick<AutoCurate, 'source'>): string {
  return [run.source.slice?.name, run.source.q].filter(Boolean).join(' · ')
}
