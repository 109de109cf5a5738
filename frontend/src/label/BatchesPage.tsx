import { Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../api/types'
import { Page } from '../page/Page'
import { EmptyState } from '../ui/EmptyState'
import { personName } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { type Column, Table } from '../ui/Table'
import { Time } from '../ui/Time'
import { DueMark } from './due'
import { LabelTabs } from './LabelTabs'
import { finishedOf, totalOf } from './progress'
import { batchesQuery } from './queries'
import { TaskProgress } from './TaskProgress'

/** The batches of a dataset: what is being labelled, how far it is, what came of it. */
export function BatchesPage() {
  const { t } = useTranslation('label')
  const dataset = Number(useParams({ strict: false }).datasetId)
  const batches = useQuery(batchesQuery(dataset))
  const navigate = useNavigate()
  const columns = useColumns()
  return (
    <Page
      title={t('batches')}
      dataset={dataset}
      padded
      tabs={<LabelTabs dataset={dataset} current="batches" />}
    >
      {batches.error ? (
        <ProblemNote error={batches.error} retry={batches.refetch} />
      ) : batches.data?.length === 0 ? (
        <NoBatches dataset={dataset} />
      ) : (
        <Table
          label={t('batches')}
          columns={columns}
          rows={batches.data}
          rowKey={(batch) => batch.id}
          onOpen={(batch) =>
            void navigate({ to: '/batches/$batchId', params: { batchId: String(batch.id) } })
          }
        />
      )}
    </Page>
  )
}

function useColumns(): Column<Batch>[] {
  const { t } = useTranslation('label')
  return [
    {
      key: 'name',
      head: t('column.name'),
      sort: (batch) => batch.name,
      cell: (batch) => (
        <Link to="/batches/$batchId" params={{ batchId: String(batch.id) }}>
          {batch.name}
        </Link>
      ),
    },
    {
      key: 'progress',
      head: t('column.progress'),
      width: 260,
      sort: (batch) => finishedOf(batch.tasks) / Math.max(1, totalOf(batch.tasks)),
      cell: (batch) => <TaskProgress tasks={batch.tasks} />,
    },
    {
      key: 'due',
      head: t('column.due'),
      width: 150,
      sort: (batch) => batch.due,
      cell: (batch) => <DueMark due={batch.due} over={finishedOf(batch.tasks) === totalOf(batch.tasks)} />,
    },
    {
      key: 'state',
      head: t('column.state'),
      sort: (batch) => batch.state,
      cell: (batch) => <Outcome batch={batch} />,
    },
    {
      key: 'slice',
      head: t('column.slice'),
      sort: (batch) => batch.slice?.name ?? null,
      cell: (batch) => batch.slice?.name ?? '–',
    },
    { key: 'by', head: t('column.by'), cell: (batch) => personName(batch.created_by) },
    {
      key: 'at',
      head: t('column.created'),
      numeric: true,
      sort: (batch) => batch.created_at,
      cell: (batch) => <Time at={batch.created_at} />,
    },
  ]
}

/** Open, closed, or merged with the way to the revision that it made. */
function Outcome({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label')
  if (batch.state !== 'merged' || batch.merged_revision === null) {
    return <span className="hd-dim">{t(`batchState.${batch.state}`)}</span>
  }
  const params = { datasetId: String(batch.dataset), number: String(batch.merged_revision) }
  return (
    <Link to="/datasets/$datasetId/revisions/$number" params={params}>
      {t('mergedAs', { number: batch.merged_revision })}
    </Link>
  )
}

function NoBatches({ dataset }: { dataset: number }) {
  const { t } = useTranslation('label')
  const images = (
    <Button component={Link} to={`/datasets/${dataset}`} variant="filled">
      {t('empty.toImages')}
    </Button>
  )
  return (
    <EmptyState icon={<IconPencil size={30} stroke={1.4} />} title={t('empty.title')} action={images}>
      {t('empty.text')}
    </EmptyState>
  )
}
