import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ProjectEvaluation } from '../../api/types'
import { datasetsQuery } from '../../dataset/queries'
import { numberColumn } from '../../ui/columns'
import { Figure } from '../../ui/Figure'
import { useGo } from '../../ui/PathLink'
import { type Column, Table } from '../../ui/Table'
import {
  averagesColumns,
  imagesColumn,
  judgedColumn,
  madeColumn,
  tickColumn,
} from '../evaluations/evaluationColumns'
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
  const wanted = numberColumn<ProjectEvaluation>(
    'wanted',
    [search.class, t(`figures.${search.figure}`)].filter(Boolean).join(' · '),
    140,
    (row) => shown(row).value,
    (row) => <Figure {...shown(row)} />,
  )
  const ofDataset: Column<ProjectEvaluation> = {
    key: 'dataset',
    head: t('dataset'),
    sort: (row) => datasetName(row.dataset),
    cell: (row) => <span className="hd-dim">{datasetName(row.dataset)}</span>,
  }
  return [
    tickColumn(t('choose'), (row) => t('chooseOne', { name: row.name }), { chosen, toggle }),
    judgedColumn(t('evaluated')),
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
    imagesColumn(t('imagesHead')),
    numberColumn(
      'revision',
      t('labels'),
      80,
      (row) => row.revision,
      (row) => `r${row.revision}`,
    ),
    ...(isPlain ? [] : [wanted]),
    ...averagesColumns(t('figures.AP'), t('figures.AP50')),
    madeColumn(t('at')),
  ]
}
