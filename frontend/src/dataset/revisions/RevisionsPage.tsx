import { Button } from '@mantine/core'
import { IconGitCommit } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Revision } from '../../api/types'
import { Page } from '../../page/Page'
import { EmptyState } from '../../ui/EmptyState'
import { personName } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { DatasetTabs } from '../DatasetTabs'
import { CountsMark } from './CountsMark'
import { revisionsQuery } from './queries'

const route = getRouteApi('/framed/datasets/$datasetId/revisions')

/** Every change of the dataset's labels, newest first. */
export function RevisionsPage() {
  const { t } = useTranslation(['dataset/revisions', 'dataset'])
  const id = Number(route.useParams().datasetId)
  const navigate = useNavigate()
  const revisions = useInfiniteQuery(revisionsQuery(id))
  const rows = revisions.data?.pages.flatMap((page) => page.items)
  const columns: Column<Revision>[] = [
    { key: 'number', head: t('number'), numeric: true, width: 60, cell: (one) => one.number },
    {
      key: 'kind',
      head: t('kind'),
      width: 120,
      cell: (one) => <span className="hd-dim">{t(`kinds.${one.kind}`)}</span>,
    },
    {
      key: 'message',
      head: t('message'),
      cell: (one) => (
        <Link
          to="/datasets/$datasetId/revisions/$number"
          params={{ datasetId: String(id), number: String(one.number) }}
          style={{ textDecoration: 'none' }}
        >
          {one.message || <span className="hd-faint">{t('noMessage')}</span>}
        </Link>
      ),
    },
    {
      key: 'counts',
      head: t('boxes'),
      numeric: true,
      width: 200,
      cell: (one) => <CountsMark counts={one.counts} />,
    },
    {
      key: 'author',
      head: t('author'),
      width: 140,
      cell: (one) => <span className="hd-dim">{personName(one.author)}</span>,
    },
    { key: 'at', head: t('at'), width: 130, cell: (one) => <Time at={one.created_at} /> },
  ]
  return (
    <Page
      title={t('dataset:tabs.revisions')}
      dataset={id}
      padded
      tabs={<DatasetTabs dataset={id} current="revisions" />}
    >
      {revisions.error && <ProblemNote error={revisions.error} retry={() => void revisions.refetch()} />}
      {rows?.length === 0 ? (
        <EmptyState
          icon={<IconGitCommit size={34} stroke={1.3} />}
          title={t('none')}
          action={
            <Button variant="filled" component={Link} to={`/datasets/${id}/imports`}>
              {t('toImport')}
            </Button>
          }
        >
          {t('noneWhat')}
        </EmptyState>
      ) : (
        <Table
          label={t('dataset:tabs.revisions')}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.id}
          isMarked={(one) => one.number === rows?.[0]?.number}
          onOpen={(one) =>
            void navigate({
              to: '/datasets/$datasetId/revisions/$number',
              params: { datasetId: String(id), number: String(one.number) },
            })
          }
        />
      )}
      {revisions.hasNextPage && (
        <Button mt={12} loading={revisions.isFetchingNextPage} onClick={() => void revisions.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Page>
  )
}
