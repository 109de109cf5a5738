import { useTranslation } from 'react-i18next'
import type { Experiment, ExperimentResult } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { Delta, Figure } from '../../ui/Figure'
import { type Column, Table } from '../../ui/Table'

type Row = ExperimentResult['per_class'][number]

/** What each class gains and loses over the control, over images and seeds. */
export function ClassGains({ of, result }: { of: Experiment; result: ExperimentResult }) {
  const { t } = useTranslation('model')
  const known = useClasses(of.dataset)
  const columns: Column<Row>[] = [
    {
      key: 'class',
      head: t('experiment.class'),
      width: 220,
      sort: (row) => known.get(row.class_id)?.name ?? '',
      cell: (row) => <ClassName of={known.get(row.class_id)} />,
    },
    {
      key: 'control',
      head: t('experiment.arm.control'),
      numeric: true,
      width: 120,
      sort: (row) => row.a,
      cell: (row) => <Figure value={row.a} />,
    },
    {
      key: 'treatment',
      head: t('experiment.arm.treatment'),
      numeric: true,
      width: 120,
      sort: (row) => row.b,
      cell: (row) => <Figure value={row.b} />,
    },
    {
      key: 'difference',
      head: t('experiment.difference'),
      numeric: true,
      width: 260,
      sort: (row) => row.value,
      cell: (row) => (
        <Delta value={row.value} low={row.low} high={row.high} level={row.level} verdict={row.verdict} />
      ),
    },
    { key: 'rest', head: '', cell: () => null },
  ]
  return (
    <Table
      label={t('experiment.classes')}
      columns={columns}
      rows={result.per_class.filter(({ value }) => value !== null)}
      rowKey={(row) => row.class_id}
      initialSort={{ key: 'difference', descending: false }}
    />
  )
}
