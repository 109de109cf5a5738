import { SegmentedControl, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AnalyticsOverview, CrossTableData } from '../../api/types'
import { count, number } from '../../ui/format'
import classes from './Analytics.module.css'
import { SideName } from './Centres'
import { ChartPanel } from './ChartPanel'
import crossed from './Cross.module.css'
import { CopyTable, CrossTable } from './CrossTable'
import { useFieldWords } from './fieldWords'
import { crossTableQuery } from './queries'
import { type AnalyticsSearch, type SetAnalytics, SHOW_CELLS, type ShowCells } from './useAnalyticsSearch'
import { useShown, useSides } from './useSides'

/** Images in which two classes occur together. */
export function Together() {
  const { t } = useTranslation('curate/analytics')
  const found = useSides<CrossTableData>((filter) => crossTableQuery(filter, 'class', 'class'))
  const left = found.data?.[0]?.left_out ?? 0
  return (
    <ChartPanel
      title={t('together.title')}
      note={left > 0 ? t('together.leftOut', { n: count(left) }) : t('together.note')}
      height={300}
      state={found}
      actions={<CopyTable table={found.data?.[0]} />}
    >
      {() => <Tables tables={found.data} show="count" label={t('together.title')} />}
    </ChartPanel>
  )
}

function Tables({ tables, show, label }: { tables?: CrossTableData[]; show: ShowCells; label: string }) {
  const { names } = useShown()
  return tables?.map((table, side) => (
    <div key={names[side]}>
      {names.length > 1 && <SideName side={side} name={names[side] ?? ''} />}
      <CrossTable table={table} side={side} show={show} label={label} />
    </div>
  ))
}

type Props = { search: AnalyticsSearch; setSearch: SetAnalytics; overview: AnalyticsOverview }

/** Any two properties against each other. */
export function CrossPart({ search, setSearch, overview }: Props) {
  const { t } = useTranslation('curate/analytics')
  const words = useFieldWords()
  const names = overview.fields.map(({ name }) => name)
  const keys = names.filter((name) => name !== 'class')
  const rows = names.includes(search.rows ?? '') ? (search.rows as string) : 'class'
  const columns = keys.includes(search.columns ?? '') || search.columns === 'class' ? search.columns : keys[0]
  const fields = names.map((value) => ({ value, label: words.field(value) }))
  const found = useSides<CrossTableData>((filter) => crossTableQuery(filter, rows, columns ?? 'class'))
  const table = found.data?.[0]
  const [first, second] = [words.field(rows), words.field(columns ?? 'class')]
  return (
    <ChartPanel
      wide
      title={
        <span className={classes.pickers}>
          <Select
            aria-label={t('cross.rows')}
            data={fields}
            value={rows}
            searchable={fields.length > 12}
            onChange={(value) => setSearch({ rows: value ?? undefined }, true)}
          />
          <span className="hd-faint">×</span>
          <Select
            aria-label={t('cross.columns')}
            data={fields}
            value={columns}
            searchable={fields.length > 12}
            onChange={(value) => setSearch({ columns: value ?? undefined }, true)}
          />
        </span>
      }
      note={table && <Association table={table} />}
      height={260}
      state={found}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('cross.show')}
            value={search.cells}
            onChange={(cells) => setSearch({ cells }, true)}
            data={SHOW_CELLS.map((value) => ({ value, label: t(`cross.${value}`) }))}
          />
          <CopyTable table={table} />
        </>
      }
    >
      {() => (
        <>
          <Tables tables={found.data} show={search.cells} label={`${first} × ${second}`} />
          <p className={crossed.legend}>
            <i className={crossed.swatch} data-tone="more" /> {t('cross.more')}{' '}
            <i className={crossed.swatch} data-tone="fewer" /> {t('cross.fewer')}
          </p>
        </>
      )}
    </ChartPanel>
  )
}

/** How much the two have to do with each other, and for how many images that is not known. */
function Association({ table }: { table: CrossTableData }) {
  const { t } = useTranslation('curate/analytics')
  const parts = [
    table.association !== null && t('cross.v', { v: number(table.association, 2) }),
    table.unknown > 0 && t('cross.unknown', { count: table.unknown, n: count(table.unknown) }),
    table.left_out > 0 && t('together.leftOut', { n: count(table.left_out) }),
  ]
  return <>{parts.filter(Boolean).join(' · ')}</>
}
