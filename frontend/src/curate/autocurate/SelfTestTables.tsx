import { useTranslation } from 'react-i18next'
import type { SelfTestCut } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { ClassName } from '../../ui/ClassName'
import { count, percent } from '../../ui/format'
import { type Column, Table } from '../../ui/Table'
import classes from './SelfTest.module.css'
import { shareWithEnds } from './shares'

type Found = SelfTestCut['found'][number]
type OfClass = SelfTestCut['classes'][number]

/** By kind: how many of the planted errors were found, how many suggestions were right, and what they promised. */
export function KindTable({ cut }: { cut: SelfTestCut }) {
  const { t } = useTranslation('curate/autocurate')
  const right = (kind: Found['kind']) => cut.precision.find((one) => one.kind === kind)
  const columns: Column<Found>[] = [
    {
      key: 'kind',
      head: t('selfTest.kind'),
      cell: ({ kind }) => (kind === null ? t('all') : t(`suggestionKind.${kind}`)),
    },
    { key: 'planted', head: t('selfTest.planted'), numeric: true, cell: ({ whole }) => count(whole) },
    {
      key: 'found',
      head: t('selfTest.found'),
      numeric: true,
      cell: (row) => <ShareCell of={row} />,
    },
    {
      key: 'right',
      head: t('selfTest.right'),
      numeric: true,
      cell: ({ kind }) => {
        const one = right(kind)
        return one ? <ShareCell of={one} total={one.whole} /> : '–'
      },
    },
    {
      key: 'promised',
      head: t('selfTest.promised'),
      numeric: true,
      cell: ({ kind }) => {
        const promised = right(kind)?.promised
        return promised == null ? '–' : percent(promised)
      },
    },
  ]
  return (
    <Table
      label={t('selfTest.byKind')}
      columns={columns}
      rows={cut.found}
      rowKey={(row) => row.kind ?? 'all'}
    />
  )
}

/** The same of the planted errors by their true class. */
export function ClassTable({ dataset, cut }: { dataset: number; cut: SelfTestCut }) {
  const { t } = useTranslation('curate/autocurate')
  const known = useClasses(dataset)
  const columns: Column<OfClass>[] = [
    { key: 'class', head: t('class'), cell: (row) => <ClassName of={known.get(row.class_id)} /> },
    {
      key: 'planted',
      head: t('selfTest.planted'),
      numeric: true,
      sort: ({ whole }) => whole,
      cell: ({ whole }) => count(whole),
    },
    {
      key: 'found',
      head: t('selfTest.found'),
      numeric: true,
      sort: ({ share }) => share,
      cell: (row) => <ShareCell of={row} />,
    },
  ]
  return (
    <Table
      label={t('selfTest.byClass')}
      columns={columns}
      rows={cut.classes}
      rowKey={(row) => row.class_id}
      initialSort={{ key: 'planted', descending: true }}
    />
  )
}

type ShareOf = { share: number | null; low: number | null; high: number | null }

/** A share as a dot on a line from 0 to 1 with its interval, and in figures. */
function ShareCell({ of, total }: { of: ShareOf; total?: number }) {
  const { t } = useTranslation('curate/autocurate')
  const { share, low, high } = of
  if (share === null || low === null || high === null) return <span className="hd-faint">–</span>
  return (
    <span className={classes.share}>
      <span className={classes.line} aria-hidden>
        <span className={classes.ends} style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
        <span className={classes.dot} style={{ left: `${share * 100}%` }} />
      </span>
      <span className={classes.figure}>{shareWithEnds(of)}</span>
      {total !== undefined && <span className={classes.total}>{t('selfTest.of', { n: count(total) })}</span>}
    </span>
  )
}
