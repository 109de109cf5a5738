import { Tooltip } from '@mantine/core'
import { percent } from '../../ui/format'
import classes from './Quality.module.css'

type Props = { value: number | null; interval: { low: number; high: number } | null; how?: string }

/** A share with its 95 % interval, both ends written: such intervals are skewed. */
export function Share({ value, interval, how }: Props) {
  if (value === null) return <span className="hd-faint">–</span>
  const shown = (
    <span className="hd-num">
      {percent(value)}
      {interval && (
        <span className={classes.small}>
          {' '}
          [{percent(interval.low)}, {percent(interval.high)}]
        </span>
      )}
      {how && <span className="hd-hidden">, {how}</span>}
    </span>
  )
  return how ? <Tooltip label={how}>{shown}</Tooltip> : shown
}
