import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PerClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { Figure } from '../../ui/Figure'
import { count, number, points } from '../../ui/format'
import { type Bounds, isKnown, type KnownBounds } from '../../ui/interval'
import { PathLink } from '../../ui/PathLink'
import { type Column, Table } from '../../ui/Table'
import { fName } from './BenchBar'
import { clampConf } from './bench'
import classes from './ClassTable.module.css'
import { atQuery, figuresQuery, overQuery } from './queries'
import { useOnBench } from './useBench'

type Row = PerClass & { best: number | null }

/** A row per class: average precision with its interval drawn, and counts at the sliders' point that open their boxes. */
export function ClassTable() {
  const { t } = useTranslation('curate/diagnosis')
  const { evaluation, bench, set, boxes } = useOnBench()
  const known = useClasses(evaluation.dataset)
  const rows = useRows()
  const name = (row: Row) => known.get(row.class_id)?.name ?? ''
  const figure = (key: 'AP50' | 'precision' | 'recall' | 'f1', head: string): Column<Row> => ({
    key,
    head,
    numeric: true,
    width: 78,
    sort: (row) => row[key],
    cell: (row) => points(row[key]),
  })
  const tally = (key: 'tp' | 'fp' | 'fn'): Column<Row> => ({
    key,
    head: t(`short.${key}`),
    numeric: true,
    width: 60,
    sort: (row) => row[key],
    cell: (row) => (
      <PathLink
        className={classes.tally}
        data-verdict={row[key] ? key : undefined}
        href={boxes({ verdicts: key, classes: row.class_id })}
        aria-label={`${name(row)}: ${t(`verdicts.${key}`)} ${row[key]}`}
      >
        {count(row[key])}
      </PathLink>
    ),
  })
  const columns: Column<Row>[] = [
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
    { key: 'range', head: <Scale />, width: 170, cell: (row) => <Range {...row} /> },
    figure('AP50', 'AP50'),
    {
      key: 'gt',
      head: t('boxesHead'),
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
    {
      key: 'best',
      head: <span title={t('bestWhat')}>{t('best', { f: fName(bench.beta) })}</span>,
      numeric: true,
      width: 92,
      sort: (row) => row.best,
      cell: (row) => <Best conf={row.best} />,
    },
  ]
  return (
    <Table
      label={t('perClass')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.class_id}
      isMarked={(row) => row.class_id === bench.of}
      onOpen={(row) => set({ of: row.class_id === bench.of ? null : row.class_id })}
      initialSort={{ key: 'gt', descending: true }}
    />
  )
}

/** Averages of the evaluation (of its part, where the page is narrowed), counts at the sliders' point. */
function useRows(): Row[] | undefined {
  const { evaluation, bench } = useOnBench()
  const at = useQuery(atQuery(evaluation.id, bench)).data
  const part = useQuery(figuresQuery(evaluation.id, bench.q)).data
  const over = useQuery(overQuery(evaluation.id, bench)).data
  const averages = bench.q ? part?.per_class : evaluation.per_class
  if (!at || !averages) return undefined
  const best = new Map(over?.confidence.classes.map((one) => [one.class_id, one.best]))
  const counts = new Map(at.per_class.map((one) => [one.class_id, one]))
  return averages.flatMap((row) => {
    const counted = counts.get(row.class_id)
    return counted ? [{ ...row, ...counted, best: best.get(row.class_id) ?? null }] : []
  })
}

/** The confidence at which the class is judged best; a click judges everything there. */
function Best({ conf }: { conf: number | null }) {
  const { t } = useTranslation('curate/diagnosis')
  const { set } = useOnBench()
  if (conf === null) return <>–</>
  return (
    <button
      type="button"
      className={classes.best}
      title={t('judgeAt', { conf: number(conf, 3) })}
      onClick={() => set({ conf: clampConf(conf) })}
    >
      {conf.toFixed(2)}
    </button>
  )
}

/** The interval where both ends exist. */
function bounded({ interval }: { interval: Bounds }): KnownBounds | null {
  return isKnown(interval) ? interval : null
}

export function Scale() {
  return (
    <span className={classes.scale} aria-hidden>
      <span>0</span>
      <span>50</span>
      <span>100</span>
    </span>
  )
}

/** AP as a point on 0–100 with its interval as a bar; the numbers stand beside it. */
export function Range({ AP, interval: given }: { AP: number | null; interval: Bounds }) {
  const interval = bounded({ interval: given })
  if (AP === null) return null
  return (
    <svg className={classes.range} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <line x1={0} x2={100} y1={5} y2={5} className={classes.axis} />
      <line x1={50} x2={50} y1={2.5} y2={7.5} className={classes.axis} />
      {interval && (
        <line x1={interval.low * 100} x2={interval.high * 100} y1={5} y2={5} className={classes.interval} />
      )}
      <line x1={AP * 100} x2={AP * 100} y1={1} y2={9} className={classes.point} />
    </svg>
  )
}
