import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { type Column, Table } from '../../ui/Table'
import classes from './AssistPart.module.css'
import { type PrelabelReport as Report, reportQuery } from './queries'
import { PartOf } from './WhatHelped'

type Row = Report['classes'][number]
type Kind = Row['tasks'][number]['kind']
type T = ReturnType<typeof useTranslation<'label/assist'>>['t']
const KINDS: readonly Kind[] = ['moved', 'relabelled', 'deleted', 'added']

/** What people changed of the pre-labels on the tasks that they finished: the checkpoint's error by class. */
export function PrelabelReport({ prelabel, dataset }: { prelabel: number; dataset: number }) {
  const { t } = useTranslation('label/assist')
  const named = useClasses(dataset)
  const { data, error, refetch } = useQuery(reportQuery(prelabel))
  if (error) return <ProblemNote error={error} retry={refetch} />
  return (
    <>
      <p className="hd-dim">
        {data && t('report.finished', { count: data.finished, tasks: count(data.tasks) })} {t('report.note')}
      </p>
      <Table
        label={t('prelabel.report')}
        columns={columns(t, named)}
        rows={data?.classes}
        rowKey={({ class_id }) => class_id}
        empty={t('report.none')}
      />
    </>
  )
}

function columns(t: T, named: ReadonlyMap<number, DatasetClass>): Column<Row>[] {
  const changed = KINDS.map(
    (kind): Column<Row> => ({
      key: kind,
      head: t(`report.${kind}`),
      cell: (row) => <Places row={row} kind={kind} named={named} />,
      numeric: true,
    }),
  )
  return [
    {
      key: 'class',
      head: t('prelabel.class'),
      cell: ({ class_id }) => <ClassName of={named.get(class_id)} />,
    },
    { key: 'right', head: t('report.right'), cell: ({ right }) => <PartOf part={right} />, numeric: true },
    {
      key: 'missed',
      head: t('report.missed'),
      cell: ({ missed }) => <PartOf part={missed} />,
      numeric: true,
    },
    { key: 'kept', head: t('report.kept'), cell: ({ kept }) => count(kept), numeric: true },
    ...changed,
  ]
}

type PlacesProps = { row: Row; kind: Kind; named: ReadonlyMap<number, DatasetClass> }

/** How many, leading to the images where that was. */
function Places({ row, kind, named }: PlacesProps) {
  const { t } = useTranslation('label/assist')
  const tasks = row.tasks.find((one) => one.kind === kind)?.tasks ?? []
  if (tasks.length === 0) return <>{count(row[kind])}</>
  const became = kind === 'relabelled' ? row.became : []
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className={classes.number}
          aria-label={t('report.open', { n: count(row[kind]), kind: t(`report.${kind}`) })}
        >
          {count(row[kind])}
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.tasks}>
        {became.map((one) => (
          <Menu.Label key={one.class_id}>
            → {named.get(one.class_id)?.name ?? `#${one.class_id}`}: {count(one.count)}
          </Menu.Label>
        ))}
        {tasks.map((task) => (
          <Menu.Item key={task} component={Link} to={`/tasks/${task}`}>
            {t('report.task', { id: task })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
