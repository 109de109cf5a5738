import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { datasetsQuery } from '../../dataset/queries'
import { count } from '../../ui/format'
import { ColumnPlot } from './ColumnPlot'
import classes from './History.module.css'
import { LineageRow } from './LineageRow'
import type { Column, Panel } from './panels'
import { figureOf, panelsOf, scaleOf } from './panels'
import { inOrder, lanesOf, type Row } from './rows'
import { ROW_HEIGHT, Tree } from './Tree'
import type { HistorySearch } from './useHistorySearch'

type Props = { rows: Row[]; search: HistorySearch; chosen: number[] }

/**
 * Runs from top to bottom, each with what it goes on from and what changed, and beside it its points: a column for each
 * set of images in one state of its labels.
 */
export function Timeline({ rows, search, chosen }: Props) {
  const { t } = useTranslation('curate/history')
  const [active, setActive] = useState<string | null>(null)
  const datasets = useQuery(datasetsQuery(search.project)).data?.items ?? []
  const nameOf = (id: number) => datasets.find((one) => one.id === id)?.name
  const shown = inOrder(rows, search.order)
  const panels = panelsOf(shown.flatMap((row) => row.evaluations).sort((a, b) => b.id - a.id))
  const controls = new Map(shown.flatMap(({ run }) => (run?.control_of ? [[run.control_of.id, run]] : [])))
  const columns = panels.flatMap((panel) => panel.columns.map((column, at) => ({ panel, column, at })))
  return (
    <div className={classes.scroll}>
      <div
        className={classes.timeline}
        style={{
          gridTemplateColumns: `minmax(var(--left), 2fr) repeat(${columns.length}, minmax(150px, 1fr))`,
        }}
      >
        <div className={classes.leftHead}>
          <span>{t('runs')}</span>
          <span>{t('step')}</span>
        </div>
        {columns.map(({ panel, column, at }) => (
          <ColumnHead
            key={`${panel.key}-${column.key}`}
            panel={panel}
            column={column}
            at={at}
            dataset={search.dataset === undefined && datasets.length > 1 ? nameOf(panel.dataset) : undefined}
          />
        ))}
        <div className={classes.left} style={{ height: shown.length * ROW_HEIGHT }}>
          <Tree rows={shown} lanes={lanesOf(shown)} active={active} />
          {shown.map((row) => (
            <LineageRow
              key={row.key}
              row={row}
              control={row.run && controls.get(row.run.id)}
              project={search.project}
              active={row.key === active}
              enter={() => setActive(row.key)}
              leave={() => setActive(null)}
            />
          ))}
        </div>
        {columns.map(({ panel, column, at }) => (
          <ColumnPlot
            key={`${panel.key}-${column.key}`}
            rows={shown}
            panel={panel}
            column={column}
            broken={at > 0}
            scale={scaleOf(
              panel.columns.flatMap(({ evaluations }) =>
                evaluations.map((one) => figureOf(one, search.figure, search.class)),
              ),
            )}
            search={search}
            active={active}
            setActive={setActive}
            chosen={chosen}
          />
        ))}
      </div>
    </div>
  )
}

/** The images once for all states of their labels; at every further state a word that it is a break. */
function ColumnHead({
  panel,
  column,
  at,
  dataset,
}: {
  panel: Panel
  column: Column
  at: number
  /** Named where several are shown. */
  dataset?: string
}) {
  const { t } = useTranslation('curate/history')
  const name = [dataset, panel.names.join(', ') || t('someImages')].filter(Boolean).join(' · ')
  const revisions = column.revisions.map((n) => `r${n}`).join(', ')
  return (
    <div className={classes.columnHead} data-broken={at > 0 || undefined}>
      {at === 0 ? <strong title={name}>{name}</strong> : <em title={t('breakWhat')}>{t('break')}</em>}
      <span>
        {at === 0 &&
          panel.images !== null &&
          `${t('images', { count: panel.images, n: count(panel.images) })} · `}
        {t('labelsAt', { revisions })}
      </span>
    </div>
  )
}
