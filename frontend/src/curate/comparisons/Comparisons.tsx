import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '../../api/types'
import { Delta } from '../../ui/Figure'
import { PathLink, useGo } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { comparisonsQuery } from '../evaluations/queries'
import { sideName } from './sides'

/** The comparisons made so far, with what each shows. */
export function Comparisons({ dataset }: { dataset: number }) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const rows = useQuery(comparisonsQuery(dataset)).data?.items
  const go = useGo()
  const columns: Column<Comparison>[] = [
    {
      key: 'pair',
      head: t('compared'),
      cell: (row) => (
        <PathLink href={`/comparisons/${row.id}`}>
          {sideName(row.b)} − {sideName(row.a)}
        </PathLink>
      ),
    },
    {
      key: 'delta',
      head: 'Δ mAP',
      width: 240,
      sort: (row) => row.delta?.mAP.value ?? null,
      cell: (row) => (row.delta ? <Delta {...row.delta.mAP} /> : <StateMark state={row.state} />),
    },
    {
      key: 'at',
      head: t('curate/evaluations:at'),
      width: 130,
      cell: (row) => <Time at={row.a.created_at} />,
    },
  ]
  return (
    <Table
      label={t('curate/evaluations:comparisons')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      onOpen={(row) => go(`/comparisons/${row.id}`)}
      empty={t('noComparisons')}
    />
  )
}
