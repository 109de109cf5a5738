import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ago, dateTime, day } from './format'

/** How long ago something was; the exact time on hover. */
export function Time({ at }: { at: string }) {
  const now = useMinute()
  return (
    <Tooltip label={dateTime(at)}>
      <time dateTime={at} className="hd-num">
        {ago(at, now)}
      </time>
    </Tooltip>
  )
}

/** The day on which something will be; the exact time on hover. */
export function Day({ at }: { at: string }) {
  return (
    <Tooltip label={dateTime(at)}>
      <time dateTime={at} className="hd-num">
        {day(at)}
      </time>
    </Tooltip>
  )
}

function useMinute(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
