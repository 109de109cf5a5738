import { useTranslation } from 'react-i18next'
import type { Ledger } from '../../api/types'
import { duration } from '../../ui/format'
import classes from './Ledger.module.css'
import { workShares } from './lines'

/** How long it took: from first to last, and how much of it machines and people worked. */
export function TimeBar({ time }: { time: Ledger['time'] }) {
  const { t } = useTranslation('curate/ledger')
  const shares = workShares(time)
  if (!shares) return null
  return (
    <section className={classes.time} aria-label={t('time')}>
      <p>
        <strong className={classes.lasted}>{duration(time.wall_seconds)}</strong> {t('fromFirstToLast')}
      </p>
      <div className={classes.bar} aria-hidden>
        <span data-who="machine" style={{ width: `${shares.machine * 100}%` }} />
        {shares.human > 0 && <span data-who="human" style={{ width: `${shares.human * 100}%` }} />}
      </div>
      <ul className={classes.who}>
        <li data-who="machine">
          {t('machines')} <strong className={classes.lasted}>{duration(time.machine_seconds)}</strong>
        </li>
        <li data-who="human">
          {t('people')} <strong className={classes.lasted}>{duration(time.human_seconds)}</strong>
        </li>
      </ul>
    </section>
  )
}
