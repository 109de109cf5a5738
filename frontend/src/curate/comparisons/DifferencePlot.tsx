import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { GainVerdict } from '../../api/types'
import { signedPoints } from '../../ui/format'
import { ticks } from '../../ui/ticks'
import classes from './DifferencePlot.module.css'

export type DifferenceRow = {
  key: string | number
  label: ReactNode
  value: number | null
  low: number | null
  high: number | null
  verdict: GainVerdict
  /** Stands at the right of the row. */
  note?: ReactNode
}

/** Differences as points with their intervals against a line at zero, one row each, on one scale. */
export function DifferencePlot({ rows, smallest }: { rows: DifferenceRow[]; smallest?: number | null }) {
  const { t } = useTranslation('curate/comparisons')
  const drawn = [...rows.flatMap(({ low, high, value }) => [low, high, value]), smallest ?? null]
  const ends = drawn.filter((n) => n !== null)
  const reach = Math.max(0.01, ...ends.map(Math.abs)) * 1.08
  const at = (value: number) => `${((value + reach) / (2 * reach)) * 100}%`
  const marks = ticks(-reach, reach, 8)
  return (
    <div className={classes.plot}>
      {rows.map((row) => (
        <div key={row.key} className={classes.row} data-verdict={row.verdict}>
          <span className={classes.label}>{row.label}</span>
          <span className={classes.track}>
            {smallest ? (
              <span
                className={classes.smallest}
                style={{ left: at(-smallest), right: `calc(100% - ${at(smallest)})` }}
                title={t('smallestBand')}
              />
            ) : null}
            {marks.map((mark) => (
              <span
                key={mark}
                className={classes.tick}
                style={{ left: at(mark) }}
                data-zero={Math.abs(mark) < 1e-9 || undefined}
              />
            ))}
            {row.low !== null && row.high !== null && (
              <span
                className={classes.interval}
                style={{ left: at(row.low), right: `calc(100% - ${at(row.high)})` }}
              />
            )}
            {row.value !== null && <span className={classes.point} style={{ left: at(row.value) }} />}
          </span>
          {row.note !== undefined && <span className={classes.note}>{row.note}</span>}
        </div>
      ))}
      <div className={classes.row} aria-hidden>
        <span className={classes.label} />
        <span className={classes.scale}>
          {marks.map((mark) => (
            <span key={mark} style={{ left: at(mark) }}>
              {signedPoints(mark)}
            </span>
          ))}
        </span>
        {rows.some((row) => row.note !== undefined) && <span className={classes.note} />}
      </div>
    </div>
  )
}
