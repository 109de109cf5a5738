import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, Suggestion, Verdict } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { ProblemNote } from '../../ui/ProblemNote'
import { toastProblem } from '../../ui/toast'
import classes from './Mislabels.module.css'
import { type SuggestionFilter, suggestionPages, useDecide } from './queries'
import { SuggestionCard } from './SuggestionCard'

/** Cards of suggestions. Arrow keys walk; A accepts, C says corrected, R rejects, Ctrl+Z takes the last verdict back. */
export function Suggestions({ run, filter }: { run: AutoCurateDetail; filter: SuggestionFilter }) {
  const { t } = useTranslation('curate/autocurate')
  const pages = useInfiniteQuery(suggestionPages(run.id, filter))
  const known = useClasses(run.dataset)
  const decide = useDecide(run.id)
  const list = useRef<HTMLUListElement>(null)
  const [current, setCurrent] = useState(0)
  const [undo, setUndo] = useState<{ id: number; verdict: Verdict }[]>([])
  const items = pages.data?.pages.flatMap((page) => page.items)
  const give = (one: Suggestion | undefined, verdict: Verdict) => {
    if (!one) return
    setUndo((was) => [...was, { id: one.id, verdict: one.verdict }])
    decide.mutate([{ id: one.id, verdict }], { onError: toastProblem })
  }
  const move = (step: number) => {
    const next = Math.min(Math.max(current + step, 0), (items?.length ?? 1) - 1)
    setCurrent(next)
    list.current?.querySelectorAll<HTMLElement>('li')[next]?.focus()
  }
  const judge = (verdict: Verdict) => () => {
    give(items?.[current], verdict)
    if (!filter.verdict) move(1)
  }
  const back = () => {
    const last = undo.at(-1)
    if (!last) return
    setUndo(undo.slice(0, -1))
    decide.mutate([last], { onError: toastProblem })
  }
  const across = () => columnsOf(list.current)
  const group = t('suggestionsTitle')
  useActions([
    { id: 'accept', label: t('accept'), group, keys: 'a', perform: judge('accepted') },
    { id: 'corrected', label: t('correctedVerb'), group, keys: 'c', perform: judge('corrected') },
    { id: 'reject', label: t('reject'), group, keys: 'r', perform: judge('rejected') },
    { id: 'undo', label: t('undo'), group, keys: 'mod+z', disabled: undo.length === 0, perform: back },
    { id: 'right', label: t('next'), group, keys: 'arrowright', hidden: true, perform: () => move(1) },
    { id: 'left', label: t('previous'), group, keys: 'arrowleft', hidden: true, perform: () => move(-1) },
    { id: 'down', label: t('below'), group, keys: 'arrowdown', hidden: true, perform: () => move(across()) },
    { id: 'up', label: t('above'), group, keys: 'arrowup', hidden: true, perform: () => move(-across()) },
  ])
  if (pages.error) return <ProblemNote error={pages.error} retry={() => void pages.refetch()} />
  if (!items) return <Skeleton height={300} />
  if (items.length === 0) return <EmptyState title={t('noSuggestion')}>{t('noSuggestionWhat')}</EmptyState>
  return (
    <>
      <ul className={classes.cards} ref={list}>
        {items.map((one, at) => (
          <SuggestionCard
            key={one.id}
            suggestion={one}
            dataset={run.dataset}
            classes={known}
            current={at === current}
            onFocus={() => setCurrent(at)}
            give={(verdict) => give(one, verdict)}
          />
        ))}
      </ul>
      {pages.hasNextPage && (
        <More load={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage} />
      )}
    </>
  )
}

/** Loads the next page when it comes into view; a button for those who cannot scroll. */
function More({ load, loading }: { load: () => void; loading: boolean }) {
  const { t } = useTranslation('curate/autocurate')
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    const element = place.current
    if (!element) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), {
      rootMargin: '600px',
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={place} className={classes.more}>
      <Button onClick={load} loading={loading}>
        {t('more')}
      </Button>
    </div>
  )
}

/** How many cards stand in a row. */
function columnsOf(list: HTMLElement | null): number {
  return list ? getComputedStyle(list).gridTemplateColumns.split(' ').length : 1
}
