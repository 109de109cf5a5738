import { Button, Checkbox } from '@mantine/core'
import { IconPlus, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { count, percent, personName } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { DatasetTabs } from '../DatasetTabs'
import { slicesQuery, useDataset } from '../queries'
import { useMay } from '../useMay'
import { NewSliceDialog, type SliceSet } from './NewSliceDialog'
import { Origin } from './Origin'
import { SliceSetBar } from './SliceSetBar'

const route = getRouteApi('/framed/datasets/$datasetId/slices')

/** The named sets of images that everything else is done with. */
export function SlicesPage() {
  const { t } = useTranslation(['dataset/slices', 'dataset'])
  const id = Number(route.useParams().datasetId)
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<SliceSet | 'new' | null>(null)
  const [chosen, setChosen] = useState<number[]>([])
  const slices = useQuery(slicesQuery(id))
  const total = useDataset(id).data?.image_count
  const manages = useMay(id, 'manager')
  useActions([
    {
      id: 'newSlice',
      label: t('new'),
      group: t('dataset:tabs.slices'),
      keys: 'n',
      disabled: !manages,
      perform: () => setDialog('new'),
    },
  ])
  const toggle = (slice: number) =>
    setChosen((was) => (was.includes(slice) ? was.filter((one) => one !== slice) : [...was, slice]))
  const columns: Column<Slice>[] = [
    {
      key: 'chosen',
      head: <span className="hd-hidden">{t('choose')}</span>,
      width: 34,
      cell: (slice) => (
        <Checkbox
          size="xs"
          aria-label={t('chooseOne', { name: slice.name })}
          checked={chosen.includes(slice.id)}
          onChange={() => toggle(slice.id)}
        />
      ),
    },
    {
      key: 'name',
      head: t('name'),
      sort: (slice) => slice.name,
      cell: (slice) => (
        <Link
          to="/datasets/$datasetId/slices/$sliceId"
          params={{ datasetId: String(id), sliceId: String(slice.id) }}
          style={{ textDecoration: 'none', fontWeight: 500 }}
        >
          {slice.name}
        </Link>
      ),
    },
    {
      key: 'images',
      head: t('images'),
      numeric: true,
      width: 110,
      sort: (slice) => slice.image_count,
      cell: (slice) => count(slice.image_count),
    },
    {
      key: 'share',
      head: t('share'),
      numeric: true,
      width: 80,
      cell: (slice) => <span className="hd-dim">{total ? percent(slice.image_count / total, 1) : '–'}</span>,
    },
    { key: 'origin', head: t('origin'), width: '32%', cell: (slice) => <Origin slice={slice} /> },
    {
      key: 'by',
      head: t('by'),
      width: 130,
      cell: (slice) => <span className="hd-dim">{personName(slice.created_by)}</span>,
    },
    {
      key: 'at',
      head: t('at'),
      width: 120,
      sort: (slice) => slice.created_at,
      cell: (slice) => <Time at={slice.created_at} />,
    },
  ]
  return (
    <Page
      title={t('dataset:tabs.slices')}
      dataset={id}
      padded
      tabs={<DatasetTabs dataset={id} current="slices" />}
      actions={
        manages && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => setDialog('new')}>
            {t('new')}
          </Button>
        )
      }
    >
      {slices.error && <ProblemNote error={slices.error} retry={() => void slices.refetch()} />}
      {slices.data?.length === 0 ? (
        <EmptyState
          icon={<IconStack2 size={34} stroke={1.3} />}
          title={t('none')}
          action={
            <Button variant="filled" component={Link} to={`/curate/${id}`}>
              {t('split')}
            </Button>
          }
        >
          {t('noneWhat')}
        </EmptyState>
      ) : (
        <Table
          isMarked={(slice) => chosen.includes(slice.id)}
          label={t('dataset:tabs.slices')}
          columns={columns}
          rows={slices.data}
          rowKey={(slice) => slice.id}
          onOpen={(slice) =>
            void navigate({
              to: '/datasets/$datasetId/slices/$sliceId',
              params: { datasetId: String(id), sliceId: String(slice.id) },
            })
          }
        />
      )}
      {chosen.length > 0 && (
        <SliceSetBar
          dataset={id}
          chosen={chosen.flatMap((one) => slices.data?.find((slice) => slice.id === one) ?? [])}
          combine={manages ? (operation) => setDialog({ operation, slices: chosen }) : undefined}
          clear={() => setChosen([])}
        />
      )}
      {dialog && (
        <NewSliceDialog
          dataset={id}
          slices={slices.data ?? []}
          set={dialog === 'new' ? undefined : dialog}
          close={() => setDialog(null)}
        />
      )}
    </Page>
  )
}
