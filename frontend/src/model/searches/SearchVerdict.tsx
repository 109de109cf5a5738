import { useTranslation } from 'react-i18next'
import type { SettingsSearch } from '../../api/types'
import { isActive } from '../../jobs/queries'
import { points, signedPoints } from '../../ui/format'
import classes from '../experiments/ExperimentPage.module.css'
import { valueText } from './values'

/** In words: whether the best trial is better than what another seed of the unchanged settings brings. */
export function SearchVerdict({ of }: { of: SettingsSearch }) {
  const { t } = useTranslation('model')
  const { floor } = of
  const best = of.tried.find(({ id }) => id === of.best_trial)
  const repeats = of.tried.filter(({ kind, value }) => kind === 'repeat' && value !== null).length
  if (!floor) {
    const waits = of.floor_missing === 'waits'
    return (
      <p className={classes.said}>
        {t(waits ? 'search.floorWaits' : 'search.floorEqual', { n: repeats, of: of.repeats })}
      </p>
    )
  }
  const noise = t('search.noise', {
    repeats: floor.repeats,
    mean: points(floor.mean),
    spread: points(floor.spread),
    trials: floor.trials,
    bound: points(floor.bound),
  })
  if (!best || best.value === null) {
    return (
      <div className={classes.verdict}>
        <span className={classes.gain}>{t('search.noTrial')}</span>
        <p className={classes.said}>{noise}</p>
      </div>
    )
  }
  const key = best.better ? 'search.isBetter' : 'search.isInside'
  return (
    <div className={classes.verdict}>
      <span className={classes.gain}>
        {isActive(of) && <small>{t('search.soFar')}</small>}
        {t(key, { n: best.number, gain: signedPoints(best.value - floor.mean) })}
      </span>
      <p className={classes.said}>
        {Object.entries(best.values)
          .map(([name, value]) => `${name} ${valueText(value)}`)
          .join(' · ')}
      </p>
      <p className={classes.said}>{noise}</p>
      <p className={classes.said}>{t(best.better ? 'search.optimistic' : 'search.notBetter')}</p>
    </div>
  )
}
