import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { GainVerdict } from '../api/types'
import classes from './Figure.module.css'
import { bounds, number, points, signedPoints } from './format'
import { type Bounds, isKnown } from './interval'

/** A score (0–1) in points with its interval: 42.3 ± 0.8; both ends on hover. Without an interval it stands alone. */
export function Figure({
  value,
  interval,
}: {
  value: number | null | undefined
  interval?: (Bounds & { level?: number }) | null
}) {
  const { t } = useTranslation('ui')
  if (value === null || value === undefined) return <span className="hd-num hd-faint">–</span>
  if (!isKnown(interval)) return <span className="hd-num">{points(value)}</span>
  const ends = t('interval', {
    level: Math.round((interval.level ?? 0.95) * 100),
    low: points(interval.low),
    high: points(interval.high),
  })
  return (
    <Tooltip label={ends}>
      <span className="hd-num">
        {points(value)}
        <span className={classes.interval}> {bounds(value, interval)}</span>
        <span className="hd-hidden">, {ends}</span>
      </span>
    </Tooltip>
  )
}

/** A difference of two scores (0–1) with sign, interval and the word for what it shows. */
export function Delta({
  value,
  low,
  high,
  verdict,
  level = 0.95,
}: { value: number | null; verdict?: GainVerdict; level?: number } & Partial<Bounds>) {
  const { t } = useTranslation('ui')
  if (value === null) return <span className="hd-num hd-faint">–</span>
  const interval = { low, high }
  const bounded = isKnown(interval)
  const ends = bounded
    ? t('interval', {
        level: number(100 * level),
        low: signedPoints(interval.low),
        high: signedPoints(interval.high),
      })
    : ''
  const figure = (
    <span className="hd-num">
      {signedPoints(value)}
      {bounded && <span className={classes.interval}> {bounds(value, interval, signedPoints)}</span>}
    </span>
  )
  return (
    <span className={classes.delta}>
      {bounded ? <Tooltip label={ends}>{figure}</Tooltip> : figure}
      {verdict && <Verdict of={verdict} />}
    </span>
  )
}

/** The word for what a difference shows, with its sign. */
export function Verdict({ of }: { of: GainVerdict }) {
  const { t } = useTranslation('ui')
  return (
    <span className={classes.verdict} data-verdict={of}>
      {t(`verdict.${of}`)}
    </span>
  )
}
