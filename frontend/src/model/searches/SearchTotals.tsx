import { useTranslation } from 'react-i18next'
import type { SearchEstimate } from '../../api/types'
import { bytes, count, duration, number } from '../../ui/format'
import classes from '../RunForm.module.css'
import type { SearchDraft } from './draft'

/** Above so many deviations hardly any setting gets. */
const FAR = 6

/** What a search takes at most, and how far above the repeats a trial must lie to count. */
export function SearchTotals({ of, draft }: { of: SearchEstimate; draft: SearchDraft }) {
  const { t } = useTranslation('model')
  const rows = {
    [t('runsStarted')]: count(of.runs),
    [t('search.atMost')]: of.seconds === null ? t('search.notMeasured') : duration(of.seconds),
    [t('search.disk')]: of.disk_bytes === null ? '–' : bytes(of.disk_bytes),
  }
  return (
    <>
      <dl style={{ margin: 0 }}>
        {Object.entries(rows).map(([name, value]) => (
          <div key={name} className={classes.total}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={of.spreads > FAR ? classes.warn : 'hd-dim'}>
        {t('search.spreads', {
          repeats: draft.repeats,
          trials: draft.trials,
          spreads: number(of.spreads, 2),
        })}
        {of.spreads > FAR && ` ${t('search.moreRepeats')}`}
      </p>
    </>
  )
}
