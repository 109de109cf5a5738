import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { numberColumn, pointsColumn } from '../../ui/columns'
import { Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { type Bounds, isKnown, type KnownBounds } from '../../ui/interval'
import { PathLink } from '../../ui/PathLink'
import type { Column } from '../../ui/Table'
import classes from './ClassTable.module.css'

export type Verdict = 'tp' | 'fp' | 'fn'
type Averaged = { AP: number | null; interval: Bounds | null }

/** Average precision: the figure with its interval, and both drawn on one scale for all rows. */
export const averageColumns = (head: ReactNode): Column<Averaged>[] => [
  numberColumn(
    'AP',
    head,
    142,
    (row) => row.AP,
    (row) => <Figure value={row.AP} interval={bounded(row.interval)} />,
  ),
  { key: 'range', head: <Scale />, width: 170, cell: (row) => <Range {...row} /> },
]

/** Counts of verdicts at the sliders' point, each a link to its boxes. */
export function useTallyColumns<Row extends Record<Verdict, number>>(
  name: (row: Row) => string,
  address: (row: Row, verdict: Verdict) => string,
): Column<Row>[] {
  const { t } = useTranslation('curate/evaluations')
  const tally = (key: Verdict) =>
    numberColumn<Row>(
      key,
      t(`short.${key}`),
      62,
      (row) => row[key],
      (row) => (
        <PathLink
          className={classes.tally}
          data-verdict={row[key] ? key : undefined}
          href={address(row, key)}
          aria-label={`${name(row)}: ${t(`verdicts.${key}`)} ${row[key]}`}
        >
          {count(row[key])}
        </PathLink>
      ),
    )
  return [tally('tp'), tally('fp'), tally('fn')]
}

/** Precision, recall and their mean at the sliders' point. */
export function useRateColumns() {
  const { t } = useTranslation('curate/evaluations')
  return [
    pointsColumn('precision', t('precision')),
    pointsColumn('recall', t('recall')),
    pointsColumn('f1', 'F1'),
  ] as const
}

/** The interval where both ends exist. */
function bounded(interval: Bounds | null): KnownBounds | null {
  return interval && isKnown(interval) ? interval : null
}

function Scale() {
  const { t } = useTranslation('curate/evaluations')
  return (
    <>
      <span className="hd-hidden">{t('scale')}</span>
      <span className={classes.scale} aria-hidden>
        <span>0</span>
        <span>50</span>
        <span>100</span>
      </span>
    </>
  )
}

/** AP as a point on 0–100 with its interval as a bar; the numbers stand beside it. */
function Range({ AP, interval: given }: Averaged) {
  const interval = bounded(given)
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
