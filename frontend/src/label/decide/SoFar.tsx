import { useTranslation } from 'react-i18next'
import type { GridCounts } from '../../api/types'
import { count, percent } from '../../ui/format'
import classes from './DecidePage.module.css'

/** How far the batch is, and how often each kind was right so far. */
export function SoFar({ counts }: { counts: GridCounts }) {
  const { t } = useTranslation('label/decide')
  const decided = counts.total - counts.pending
  return (
    <div className={classes.sofar}>
      <span className={classes.progress}>
        <progress max={Math.max(counts.total, 1)} value={decided} aria-label={t('progress')} />
        <span className="hd-num">{t('decidedOf', { n: count(decided), total: count(counts.total) })}</span>
      </span>
      {counts.right.map((one) => (
        <span key={one.kind}>
          <span className="hd-dim">{t(`kind.${one.kind}`)}</span>{' '}
          <span className="hd-num">
            {one.precision === null || !one.interval
              ? t('noVerdict')
              : t('right', {
                  share: percent(one.precision),
                  low: percent(one.interval.low),
                  high: percent(one.interval.high),
                  n: count(one.decided),
                })}
          </span>
        </span>
      ))}
    </div>
  )
}
