import type { CSSProperties, ReactNode } from 'react'
import classes from './Bars.module.css'
import { count, percent } from './format'
import { PathLink } from './PathLink'

export type Bar = {
  key: string | number
  label: ReactNode
  value: number
  /** Stands in place of the count. */
  text?: ReactNode
  colour?: string
  to?: string
  note?: string
}

type Props = {
  label: string
  bars: Bar[]
  total?: number /** Pixels for the names; a quarter of the width where left out. */
  labelWidth?: number
}

/** Horizontal bars with direct labels; each leads to its images where it has an address. */
export function Bars({ label, bars, total, labelWidth }: Props) {
  const longest = Math.max(...bars.map((bar) => bar.value)) || 1
  return (
    <ul
      className={classes.bars}
      aria-label={label}
      style={labelWidth ? ({ '--label': `${labelWidth}px` } as CSSProperties) : undefined}
    >
      {bars.map((bar) => (
        <li key={bar.key}>
          <Line bar={bar} share={bar.value / longest} total={total} />
        </li>
      ))}
    </ul>
  )
}

function Line({ bar, share, total }: { bar: Bar; share: number; total?: number }) {
  const inside = (
    <>
      <span className={classes.label}>{bar.label}</span>
      <span className={classes.track}>
        <span className={classes.fill} style={{ width: `${share * 100}%`, background: bar.colour }} />
      </span>
      <span className={classes.value}>
        {bar.text ?? count(bar.value)}
        <span className={classes.note}>{bar.note ?? (total ? percent(bar.value / total) : '')}</span>
      </span>
    </>
  )
  return bar.to ? (
    <PathLink href={bar.to} className={classes.line}>
      {inside}
    </PathLink>
  ) : (
    <span className={classes.line}>{inside}</span>
  )
}
