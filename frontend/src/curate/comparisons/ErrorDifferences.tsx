import { useTranslation } from 'react-i18next'
import type { Changes, Comparison } from '../../api/types'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { objectsAddress } from './addresses'
import { signedCount } from './differences'
import classes from './ErrorDifferences.module.css'

type Props = { comparison: Comparison; errors: Changes['errors'] }

/** Each type of error as two bars, the earlier over the later, and the difference; each bar opens its boxes. */
export function ErrorDifferences({ comparison, errors }: Props) {
  const { t } = useTranslation(['curate/comparisons', 'curate/evaluations'])
  const longest = Math.max(1, ...errors.flatMap(({ a, b }) => [a, b]))
  return (
    <ul className={classes.bars} aria-label={t('compare.errors')}>
      {errors.map(({ error, a, b }) => (
        <li key={error} className={classes.line} data-missed={error === 'missed' || undefined}>
          <span title={t(`curate/evaluations:errorWhat.${error}`)}>
            {t(`curate/evaluations:errorType.${error}`)}
          </span>
          <span className={classes.pair}>
            {(['a', 'b'] as const).map((side) => {
              const boxes = side === 'a' ? a : b
              return (
                <PathLink
                  key={side}
                  className={classes.bar}
                  data-side={side}
                  href={addressOf(comparison, side, error)}
                  aria-label={`${t(`curate/evaluations:errorType.${error}`)}: ${t(`compare.open.${side}`, { count: boxes, n: count(boxes) })}`}
                >
                  <span style={{ width: `${(boxes / longest) * 100}%` }} />
                  <b className="hd-num">{count(boxes)}</b>
                </PathLink>
              )
            })}
          </span>
          <strong className="hd-num" data-better={b < a || undefined} data-worse={b > a || undefined}>
            {signedCount(b - a)}
          </strong>
        </li>
      ))}
      <li className={classes.key} aria-hidden>
        <span data-side="a">{t('earlier')}</span>
        <span data-side="b">{t('later')}</span>
      </li>
    </ul>
  )
}

function addressOf({ id, dataset, pair }: Comparison, side: 'a' | 'b', error: string): string {
  const verdicts = error === 'missed' ? 'fn' : 'fp'
  return objectsAddress(dataset, pair?.[side] ?? 0, { comparison: id, verdicts, errors: error })
}
