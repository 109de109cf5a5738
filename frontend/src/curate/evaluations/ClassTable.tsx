import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PerClass } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { countColumn, pointsColumn } from '../../ui/columns'
import { number } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import classes from './ClassTable.module.css'
import { fName } from './ControlBar'
import { clampConf } from './controls'
import { atQuery, figuresQuery, overQuery } from './queries'
import { useEvaluationControls } from './useControls'
import { averageColumns, useRateColumns, useTallyColumns } from './verdictColumns'

type Row = PerClass & { best: number | null }

/** A row per class: average precision with its interval drawn, and counts at the sliders' point that open their boxes. */
export function ClassTable() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, set, boxes } = useEvaluationControls()
  const known = useClasses(evaluation.dataset)
  const rows = useRows()
  const name = (row: Row) => known.get(row.class_id)?.name ?? ''
  const tallies = useTallyColumns<Row>(name, (row, verdict) =>
    boxes({ verdicts: verdict, classes: row.class_id }),
  )
  const rates = useRateColumns()
  const columns: Column<Row>[] = [
    {
      key: 'class',
      head: t('class'),
      sort: name,
      cell: (row) => <ClassName of={known.get(row.class_id)} />,
    },
    ...averageColumns('AP'),
    pointsColumn('AP50', 'AP50'),
    countColumn('gt', t('boxesHead')),
    ...tallies,
    ...rates,
    {
      key: 'best',
      head: <span title={t('bestWhat')}>{t('best', { f: fName(controls.beta) })}</span>,
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
      isMarked={(row) => row.class_id === controls.of}
      onOpen={(row) => set({ of: row.class_id === controls.of ? null : row.class_id })}
      initialSort={{ key: 'gt', descending: true }}
    />
  )
}

/** Averages of the evaluation (of its part, where the page is narrowed), counts at the sliders' point. */
function useRows(): Row[] | undefined {
  const { evaluation, controls } = useEvaluationControls()
  const at = useQuery(atQuery(evaluation.id, controls)).data
  const part = useQuery(figuresQuery(evaluation.id, controls.q)).data
  const over = useQuery(overQuery(evaluation.id, controls)).data
  const averages = controls.q ? part?.per_class : evaluation.per_class
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
  const { t } = useTranslation('curate/evaluations')
  const { set } = useEvaluationControls()
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
