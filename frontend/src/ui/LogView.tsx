import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../api/client'
import type { Log } from '../api/types'
import { clock } from './format'
import classes from './LogView.module.css'
import { ProblemNote } from './ProblemNote'

const LIVE_MS = 1500
const NEAR_END_PX = 40

type Props = { path: `jobs/${number}/log` | `runs/${number}/log`; live: boolean; height?: number }

/** A log that grows while `live`; it stays at its end unless one has scrolled up. */
export function LogView({ path, live, height = 320 }: Props) {
  const { t } = useTranslation('ui')
  const log = useInfiniteQuery({
    queryKey: ['log', path],
    queryFn: ({ pageParam, signal }) => get(path, { after: pageParam }, signal),
    initialPageParam: '' as number | '',
    getNextPageParam: (last: Log, pages: Log[], from) =>
      last.lines.at(-1)?.n ?? last.next ?? (pages.length ? from : null),
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const { fetchNextPage, isFetching, data } = log
  const last = data?.pages.at(-1)
  const behind = (last?.lines.length ?? 0) > 0
  useEffect(() => {
    if (!last || isFetching || (!live && !behind)) return
    const timer = setTimeout(() => void fetchNextPage(), behind ? 0 : LIVE_MS)
    return () => clearTimeout(timer)
  }, [last, behind, isFetching, live, fetchNextPage])

  const lines = data?.pages.flatMap((page) => page.lines) ?? []
  const place = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when lines have come
  useEffect(() => {
    const element = place.current
    if (element && follows.current) element.scrollTop = element.scrollHeight
  }, [lines.length])
  if (log.isError) return <ProblemNote error={log.error} retry={() => void log.refetch()} />
  return (
    <div
      ref={place}
      className={classes.log}
      style={{ height }}
      role="log"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: element }) => {
        follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX
      }}
    >
      {lines.length === 0 && <span className="hd-faint">{t(log.isPending ? 'loading' : 'noLog')}</span>}
      {lines.map((line) => (
        <div key={line.n}>
          <time dateTime={line.at}>{clock(line.at)}</time>
          {line.text}
        </div>
      ))}
    </div>
  )
}
