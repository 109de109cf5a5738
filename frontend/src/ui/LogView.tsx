import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../api/client'
import { following } from '../api/following'
import { hear } from '../api/stream'
import type { Log, News } from '../api/types'
import { clock } from './format'
import classes from './LogView.module.css'
import { ProblemNote } from './ProblemNote'

/** Lines that were read, or that news brought: behind those there are no others yet. */
type Part = Log & { told?: true }
type Parts = InfiniteData<Part, number | ''>

const NEAR_END_PX = 40

type Props = {
  path: `jobs/${number}/log` | `runs/${number}/log`
  /** The job whose news bring new lines. */
  job: number | undefined
  live: boolean
  height?: number
}

/** A log that grows while `live`; it stays at its end unless one has scrolled up. */
export function LogView({ path, job, live, height = 320 }: Props) {
  const { t } = useTranslation('ui')
  const log = useInfiniteQuery({
    queryKey: ['log', path],
    queryFn: ({ pageParam, signal }): Promise<Part> => get(path, { after: pageParam }, signal),
    initialPageParam: '' as number | '',
    getNextPageParam: (last: Part, pages: Part[], from) =>
      last.lines.at(-1)?.n ?? last.next ?? (pages.length ? from : null),
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const { fetchNextPage, isFetching, data } = log
  const last = data?.pages.at(-1)
  const behind = (last?.lines.length ?? 0) > 0 // there may be more
  // What is told while the first part is under way joins that reading, which may have come too early for it.
  const readOn = async () => {
    await fetchNextPage()
    if (!data) await fetchNextPage()
  }
  useTold(path, live ? job : undefined, () => void readOn())
  const pause = behind && !last?.told ? 0 : following(live)
  useEffect(() => {
    if (!last || isFetching || pause === false) return
    const timer = setTimeout(() => void fetchNextPage(), pause)
    return () => clearTimeout(timer)
  }, [last, isFetching, pause, fetchNextPage])

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

/** Adds what news tell of the job's log; `read` asks for what lies between. */
function useTold(path: string, job: number | undefined, read: () => void): void {
  const queries = useQueryClient()
  const reading = useRef(read)
  reading.current = read
  useEffect(() => {
    if (job === undefined) return
    return hear({
      news: ({ log }) => {
        if (log?.job !== job) return
        const key = ['log', path]
        const longer = grown(queries.getQueryData<Parts>(key), log)
        if (longer && !queries.isFetching({ queryKey: key })) queries.setQueryData(key, longer)
        else reading.current()
      },
      standing: (now) => now !== 'closed' && reading.current(),
    })
  }, [queries, path, job])
}

/** The log with its new lines; nothing where others lie between. */
export function grown(data: Parts | undefined, { after, lines }: NonNullable<News['log']>): Parts | null {
  const known = data?.pages.findLast((page) => page.lines.length > 0)?.lines.at(-1)?.n ?? 0
  const last = data?.pages.at(-1)
  if (!data || !last || known !== after || lines.length === 0) return null
  const whole: Part = { lines: [...last.lines, ...lines], next: lines.at(-1)!.n, told: true }
  return { ...data, pages: [...data.pages.slice(0, -1), whole] }
}
