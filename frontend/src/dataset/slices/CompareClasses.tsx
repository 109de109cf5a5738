import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SliceBrief, SliceStatistics } from '../../api/types'
import { ClassName } from '../../ui/ClassName'
import { count, percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { useDataset } from '../queries'
import { classClause, sliceClause } from '../query/queryText'
import { statisticsQuery } from './queries'

type Row = { id: number; name: string; colour: string; a: number; b: number }
type Props = { dataset: number; a: SliceBrief; b: SliceBrief }

/** Boxes of each class in both slices, and their share of all boxes there. */
export function CompareClasses({ dataset, a, b }: Props) {
  const { t } = useTranslation('dataset/slices')
  const known = useDataset(dataset).data?.classes ?? []
  const [ofA, ofB] = [useQuery(statisticsQuery(a.id)).data, useQuery(statisticsQuery(b.id)).data]
  const boxes = (of: SliceStatistics | undefined, id: number) =>
    of?.classes.find((one) => one.class_id === id)?.boxes ?? 0
  const rows =
    ofA &&
    ofB &&
    known.map((one) => ({
      id: one.id,
      name: one.name,
      colour: one.colour,
      a: boxes(ofA, one.id),
      b: boxes(ofB, one.id),
    }))
  const share = (value: number, of: SliceStatistics | undefined) =>
    of?.boxes ? percent(value / of.boxes, 1) : '–'
  const side = (key: 'a' | 'b', slice: SliceBrief, of: SliceStatistics | undefined): Column<Row>[] => [
    {
      key,
      head: slice.name,
      numeric: true,
      width: 170,
      sort: (row) => row[key],
      cell: (row) => (
        <PathLink
          href={`/datasets/${dataset}?q=${encodeURIComponent(`${sliceClause(slice.name)} and ${classClause(row.name)}`)}`}
        >
          {count(row[key])}
        </PathLink>
      ),
    },
    {
      key: `${key}Share`,
      head: t('share'),
      numeric: true,
      width: 90,
      cell: (row) => <span className="hd-dim">{share(row[key], of)}</span>,
    },
  ]
  return (
    <Section title={t('boxesByClass')}>
      <Table
        label={t('boxesByClass')}
        columns={[
          {
            key: 'class',
            head: t('class'),
            sort: (row) => row.name,
            cell: (row) => <ClassName of={row} />,
          },
          ...side('a', a, ofA),
          ...side('b', b, ofB),
        ]}
        rows={rows}
        rowKey={(row) => row.id}
      />
    </Section>
  )
}
