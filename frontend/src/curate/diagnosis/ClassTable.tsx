import { useTranslation } from 'react-i18next'
import type { EvaluationDetail, PerClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { Figure } from '../../ui/Figure'
import { count, points } from '../../ui/format'
import { isKnown, type KnownBounds } from '../../ui/interval'
import { PathLink } from '../../ui/PathLink'
import { type Column, Table } from '../../ui/Table'
import classes from './ClassTable.module.css'
import { gridAddress, verdictQuery } from './drill'

/** A row per class: average precision with its interval drawn, and counts at the operating point that open their boxes. */
export function ClassTable({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('curate/diagnosis')
  const known = useClasses(evaluation.dataset)
  const name = (row: PerClass) => known.get(row.class_id)?.name ?? ''
  const figure = (key: 'AP50' | 'precision' | 'recall' | 'f1', head: string): Column<PerClass> => ({
    key,
    head,
    numeric: true,
    width: 78,
    sort: (row) => row[key],
    cell: (row) => points(row[key]),
  })
  const tally = (key: 'tp' | 'fp' | 'fn'): Column<PerClass> => ({
    key,
    head: t(`short.${key}`),
    numeric: true,
    width: 60,
    sort: (row) => row[key],
    cell: (row) => (
      <PathLink
        className={classes.tally}
        data-verdict={row[key] ? key : undefined}
        href={gridAddress(
          evaluation.dataset,
          verdictQuery(key, evaluation.id, known.get(row.class_id)),
          evaluation.id,
        )}
        aria-label={`${name(row)}: ${t(`verdicts.${key}`)} ${row[key]}`}
      >
        {count(row[key])}
      </PathLink>
    ),
  })
  const columns: Column<PerClass>[] = [
    {
      key: 'class',
      head: t('class'),
      sort: name,
      cell: (row) => <ClassName of={known.get(row.class_id)} />,
    },
    {
      key: 'AP',
      head: 'AP',
      numeric: true,
      width: 110,
      sort: (row) => row.AP,
      cell: (row) => <Figure value={row.AP} interval={bounded(row)} />,
    },
    { key: 'range', head: <Scale />, width: 190, cell: (row) => <Range row={row} /> },
    figure('AP50', 'AP50'),
    {
      key: 'gt',
      head: t('boxes'),
      numeric: true,
      width: 78,
      sort: (row) => row.gt,
      cell: (row) => count(row.gt),
    },
    tally('tp'),
    tally('fp'),
    tally('fn'),
    figure('precision', t('precision')),
    figure('recall', t('recall')),
    figure('f1', 'F1'),
  ]
  return (
    <Table
      label={t('perClass')}
      columns={columns}
      rows={evaluation.per_class ?? undefined}
      rowKey={(row) => row.class_id}
      initialSort={{ key: 'gt', descending: true }}
    />
  )
}

/** The interval where both ends exist. */
function bounded({ interval }: PerClass): KnownBounds | null {
  return isKnown(interval) ? interval : null
}

function Scale() {
  return (
    <span className={classes.scale} aria-hidden>
      <span>0</span>
      <span>50</span>
      <span>100</span>
    </span>
  )
}

/** AP as a point on 0–100 with its interval as a bar; the numbers stand beside it. */
function Range({ row }: { row: PerClass }) {
  const interval = bounded(row)
  if (row.AP === null) return null
  return (
    <svg className={classes.range} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <line x1={0} x2={100} y1={5} y2={5} className={classes.axis} />
      <line x1={50} x2={50} y1={2.5} y2={7.5} className={classes.axis} />
      {interval && (
        <line x1={interval.low * 100} x2={interval.high * 100} y1={5} y2={5} className={classes.interval} />
      )}
      <line x1={row.AP * 100} x2={row.AP * 100} y1={1} y2={9} className={classes.point} />
    </svg>
  )
}
