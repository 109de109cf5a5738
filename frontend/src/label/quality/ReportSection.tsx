import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import type { BatchFigures, TimeRow } from '../../api/types'
import { count, day, duration, number, percent, personName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { Table } from '../../ui/Table'
import classes from './Quality.module.css'
import { reportQuery } from './queries'
import { GROUPINGS, type Grouping, sumsBy } from './report'

type T = TFunction<'label/quality'>

/** Where the time went, to look at, to print, and to take along. */
export function ReportSection({ batch }: { batch: number }) {
  const { t } = useTranslation('label/quality')
  const [by, setBy] = useState<Grouping>('person')
  const report = useQuery(reportQuery(batch))
  const rows = report.data && sumsBy(report.data, (row) => groupOf(row, by, t))
  const actions = (
    <>
      <Button component="a" href={address(`batches/${batch}/report.csv`, {})} download>
        {t('report.csv')}
      </Button>
      <Button onClick={() => window.print()}>{t('report.print')}</Button>
    </>
  )
  return (
    <Section title={t('report.title')} note={t('report.note')} actions={actions}>
      <SegmentedControl
        className={classes.quiet}
        mb={8}
        size="xs"
        aria-label={t('report.by')}
        data={GROUPINGS.map((one) => ({ value: one, label: t(`report.${one}`) }))}
        value={by}
        onChange={(value) => setBy(GROUPINGS.find((one) => one === value) ?? 'person')}
      />
      <Table
        label={t('report.title')}
        rows={rows}
        rowKey={(row) => row.key}
        empty={t('report.none')}
        columns={[
          { key: 'group', head: t(`report.${by}`), cell: (row) => row.key, sort: (row) => row.key },
          { key: 'acts', head: t('report.acts'), cell: (row) => count(row.acts), numeric: true },
          {
            key: 'time',
            head: t('report.time'),
            cell: (row) => duration(row.seconds),
            sort: (row) => row.seconds,
            numeric: true,
          },
          { key: 'share', head: t('report.share'), cell: (row) => percent(row.share), numeric: true },
        ]}
      />
    </Section>
  )
}

function groupOf(row: TimeRow, by: Grouping, t: T): string {
  if (by === 'person') return row.person ? personName(row.person) : t('report.somebody')
  if (by === 'day') return day(row.day)
  if (by === 'kind') return t(`kinds.${row.kind as 'draw'}`)
  return row.label_class ?? t('report.noClass')
}

/** What a single step takes people. */
export function StepsSection({ steps }: { steps: BatchFigures['steps'] | undefined }) {
  const { t } = useTranslation('label/quality')
  return (
    <Section title={t('steps.title')} note={t('steps.note')}>
      <Table
        label={t('steps.title')}
        rows={steps}
        rowKey={(row) => row.kind}
        empty={t('steps.none')}
        columns={[
          { key: 'kind', head: t('steps.kind'), cell: (row) => t(`kinds.${row.kind as 'draw'}`) },
          { key: 'count', head: t('steps.count'), cell: (row) => count(row.steps), numeric: true },
          {
            key: 'median',
            head: t('steps.median'),
            cell: (row) => t('seconds', { n: number(row.median) }),
            sort: (row) => row.median,
            numeric: true,
          },
        ]}
      />
    </Section>
  )
}
