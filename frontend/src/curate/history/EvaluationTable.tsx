import { Checkbox, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ProjectEvaluation } from '../../api/types'
import { datasetsQuery } from '../../dataset/queries'
import { Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { isUntested } from './ColumnPlot'
import classes from './History.module.css'
import { figureOf } from './panels'
import type { HistorySearch } from './useHistorySearch'

type Props = {
  evaluations: ProjectEvaluation[] | undefined
  search: HistorySearch
  chosen: number[]
  toggle: (id: number) => void
}

/** The same evaluations as rows that sort, and that are ticked to be compared. */
export function EvaluationTable({ evaluations, search, chosen, toggle }: Props) {
  const { t } = useTranslation('curate/history')
  const columns = useColumns(search, chosen, toggle)
  const go = useGo()
  return (
    <Table
      label={t('table')}
      columns={columns}
      rows={evaluations}
      rowKey={(row) => row.id}
      isMarked={(row) => chosen.includes(row.id)}
      onOpen={(row) => go(`/evaluations/${row.id}`)}
    />
  )
}

function useColumns(
  search: HistorySearch,
  chosen: number[],
  toggle: (id: number) => void,
): Column<ProjectEvaluation>[] {
  const { t } = useTranslation('curate/history')
  const datasets = useQuery(datasetsQuery(search.project)).data?.items ?? []
  const datasetName = (id: number) => datasets.find((one) => one.id === id)?.name ?? ''
  const shown = (row: ProjectEvaluation) => figureOf(row, search.figure, search.class)
  const isPlain = !search.class && (search.figure === 'AP' || search.figure === 'AP50')
  const figures: Column<ProjectEvaluation>[] = [
    {
      key: 'AP',
      head: t('figures.AP'),
      numeric: true,
      width: 120,
      sort: (row) => row.figures?.AP ?? null,
      cell: (row) =>
        row.figures ? (
          <Figure value={row.figures.AP} interval={row.interval} />
        ) : (
          <StateMark state={row.state} />
        ),
    },
    {
      key: 'AP50',
      head: t('figures.AP50'),
      numeric: true,
      width: 120,
      sort: (row) => row.figures?.AP50 ?? null,
      cell: (row) => <Figure value={row.figures?.AP50} interval={row.interval50} />,
    },
  ]
  const wanted: Column<ProjectEvaluation> = {
    key: 'wanted',
    head: [search.class, t(`figures.${search.figure}`)].filter(Boolean).join(' · '),
    numeric: true,
    width: 140,
    sort: (row) => shown(row).value,
    cell: (row) => <Figure {...shown(row)} />,
  }
  const ofDataset: Column<ProjectEvaluation> = {
    key: 'dataset',
    head: t('dataset'),
    sort: (row) => datasetName(row.dataset),
    cell: (row) => <span className="hd-dim">{datasetName(row.dataset)}</span>,
  }
  return [
    {
      key: 'choose',
      head: <span className="hd-hidden">{t('choose')}</span>,
      width: 30,
      cell: (row) => (
        <Checkbox
          size="xs"
          aria-label={t('chooseOne', { name: row.name })}
          checked={chosen.includes(row.id)}
          onChange={() => toggle(row.id)}
        />
      ),
    },
    {
      key: 'name',
      head: t('evaluated'),
      sort: (row) => row.prediction_set.run?.name ?? row.prediction_set.name,
      cell: (row) => (
        <PathLink href={`/evaluations/${row.id}`}>
          {row.prediction_set.run?.name ?? row.prediction_set.name}
        </PathLink>
      ),
    },
    ...(search.dataset === undefined && datasets.length > 1 ? [ofDataset] : []),
    {
      key: 'on',
      head: t('slice'),
      sort: (row) => row.slices.map(({ name }) => name).join(', '),
      cell: (row) => (
        <span className={classes.on}>
          <span className="hd-dim">{row.slices.map(({ name }) => name).join(', ') || '–'}</span>
          {isUntested(row) && (
            <Tooltip label={t('untested', { n: row.on_training_images, of: row.counts?.images ?? 0 })}>
              <span className={classes.warn}>{t('notATestShort')}</span>
            </Tooltip>
          )}
        </span>
      ),
    },
    {
      key: 'images',
      head: t('imagesHead'),
      numeric: true,
      width: 80,
      sort: (row) => row.counts?.images ?? null,
      cell: (row) => (row.counts ? count(row.counts.images) : '–'),
    },
    {
      key: 'revision',
      head: t('labels'),
      numeric: true,
      width: 80,
      sort: (row) => row.revision,
      cell: (row) => `r${row.revision}`,
    },
    ...(isPlain ? [] : [wanted]),
    ...figures,
    {
      key: 'at',
      head: t('at'),
      width: 130,
      sort: (row) => row.created_at,
      cell: (row) => <Time at={row.created_at} />,
    },
  ]
}
