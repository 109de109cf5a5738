import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Experiment, ExperimentMemory } from '../../api/types'
import { isActive } from '../../jobs/queries'
import { Delta, Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import classes from './ExperimentPage.module.css'

type Row = Pick<
  ExperimentMemory['per_class'][number],
  'name' | 'a' | 'b' | 'value' | 'low' | 'high' | 'verdict'
> & {
  key: string
  slice: boolean
}

/** What a run of the treatment still knows of the parent's validation images: by class, and by named slice. */
export function MemoryPart({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  const memory = of.result?.memory ?? []
  const [chosen, setChosen] = useState<number | null>(null)
  const shown = memory.find(({ run }) => run === (chosen ?? of.result?.best.run)) ?? memory[0]
  if (!shown)
    return <p className="hd-dim">{t(isActive(of) ? 'experiment.memoryWaits' : 'experiment.noMemory')}</p>
  return (
    <>
      <div className={classes.choice}>
        <Select
          size="xs"
          aria-label={t('run')}
          allowDeselect={false}
          data={memory.map(({ run }) => ({
            value: String(run),
            label: of.runs.find((one) => one.id === run)?.name ?? String(run),
          }))}
          value={String(shown.run)}
          onChange={(run) => setChosen(Number(run))}
        />
        <span className="hd-dim">
          {t('experiment.memoryOn', {
            count: shown.images,
            n: count(shown.images),
            revision: shown.revision,
          })}
        </span>
        <Delta
          value={shown.delta.value}
          low={shown.delta.low}
          high={shown.delta.high}
          verdict={shown.delta.verdict}
        />
      </div>
      <p className={shown.forgot.length > 0 ? classes.forgot : classes.kept}>
        {t(shown.forgot.length > 0 ? 'experiment.forgotWhat' : 'experiment.keptWhat', {
          what: shown.forgot.map(({ name }) => name).join(', '),
        })}
      </p>
      <MemoryTable of={shown} />
    </>
  )
}

function MemoryTable({ of }: { of: ExperimentMemory }) {
  const { t } = useTranslation('model')
  const rows: Row[] = [
    ...of.per_class.map((row) => ({ ...row, key: `class ${row.class_id}`, slice: false })),
    ...of.slices.map((row) => ({ ...row, key: `slice ${row.slice_id}`, slice: true })),
  ]
  const columns: Column<Row>[] = [
    {
      key: 'name',
      head: t('experiment.part'),
      width: 220,
      cell: (row) => (row.slice ? t('experiment.slicePart', { name: row.name }) : row.name),
    },
    {
      key: 'before',
      head: t('experiment.parent'),
      numeric: true,
      width: 120,
      cell: (row) => <Figure value={row.a} />,
    },
    {
      key: 'after',
      head: t('experiment.now'),
      numeric: true,
      width: 120,
      cell: (row) => <Figure value={row.b} />,
    },
    {
      key: 'difference',
      head: t('experiment.difference'),
      numeric: true,
      width: 260,
      sort: (row) => row.value,
      cell: (row) => <Delta value={row.value} low={row.low} high={row.high} verdict={row.verdict} />,
    },
    { key: 'rest', head: '', cell: () => null },
  ]
  return (
    <Table
      label={t('experiment.memory')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      initialSort={{ key: 'difference', descending: false }}
    />
  )
}
