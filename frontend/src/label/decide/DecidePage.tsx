import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch, GridSuggestion } from '../../api/types'
import { useDataset } from '../../dataset/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { EmptyState } from '../../ui/EmptyState'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast, toastProblem } from '../../ui/toast'
import { useBatch } from '../queries'
import { DecideGrid } from './DecideGrid'
import classes from './DecidePage.module.css'
import { Filters } from './Filters'
import type { GridFilter } from './filter'
import { QueueNote } from './QueueNote'
import {
  carryOutAccepted,
  finishDecided,
  gridCounts,
  gridPages,
  type HandedIn,
  sendDecisions,
} from './queries'
import { DecisionQueue } from './queue'
import { SoFar } from './SoFar'

const route = getRouteApi('/framed/batches/$batchId/suggestions')

/** All suggestions of a batch as a grid of crops, to be decided with a key each. */
export function DecidePage() {
  const { t } = useTranslation('label/decide')
  const id = Number(route.useParams().batchId)
  const batch = useBatch(id)
  return (
    <Page
      title={t('title')}
      dataset={batch.data?.dataset}
      crumbs={batch.data && <Crumb label={batch.data.name} to={`/batches/${id}`} />}
    >
      {batch.error && <ProblemNote error={batch.error} retry={batch.refetch} />}
      {batch.data && <Deciding key={id} batch={batch.data} />}
    </Page>
  )
}

function Deciding({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label/decide')
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const queue = useQueue(batch.id)
  const saved = useSyncExternalStore(queue.subscribe, () => queue.state.phase === 'saved')
  const counts = useQuery(gridCounts(batch.id, filter))
  const pages = useInfiniteQuery(gridPages(batch.id, filter))
  const all = useDataset(batch.dataset).data?.classes
  const rows = useMemo(() => once(pages.data?.pages.flatMap((page) => page.items)), [pages.data])
  const queries = useQueryClient()
  useEffect(() => {
    if (saved) void queries.invalidateQueries({ queryKey: ['batches', batch.id, 'decide-counts'] })
  }, [saved, queries, batch.id])
  const choose = (next: GridFilter) => void navigate({ search: next, replace: true })
  const again = () => void queries.resetQueries({ queryKey: ['batches', batch.id, 'decide'] })
  const finish = () =>
    void queue
      .flush()
      .then(() => finishDecided(batch.id))
      .then((came) => toast(handedIn(t, came)))
      .then(() => queries.invalidateQueries({ queryKey: ['batches'] }))
      .catch(toastProblem)
  const ready = counts.data?.to_finish ?? 0
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <Filters filter={filter} counts={counts.data} classes={all ?? []} choose={choose} />
        <span className={classes.right}>
          <QueueNote queue={queue} />
          {ready > 0 && (
            <Button variant="filled" onClick={finish}>
              {t('finish', { count: ready })}
            </Button>
          )}
        </span>
      </div>
      <p className={classes.what}>{t(batch.review ? 'whatReview' : 'what')}</p>
      {counts.data && counts.data.not_carried_out > 0 && (
        <AcceptedBefore batch={batch.id} count={counts.data.not_carried_out} />
      )}
      {counts.data && <SoFar counts={counts.data} />}
      {pages.error && <ProblemNote error={pages.error} retry={() => void pages.refetch()} />}
      {rows && rows.length === 0 && counts.data && (
        <EmptyState title={t(counts.data.total === 0 ? 'none' : 'noneLeft')}>
          {t(counts.data.total === 0 ? 'noneWhat' : 'noneLeftWhat')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && all && (
        <DecideGrid
          key={JSON.stringify(filter)}
          {...{ batch, rows, queue, filter, again }}
          classes={all}
          shown={counts.data?.shown ?? rows.length}
          more={pages.hasNextPage ? pages.fetchNextPage : undefined}
        />
      )}
    </div>
  )
}

/** Verdicts of the run's own page change no box; here they can be made to. */
function AcceptedBefore({ batch, count }: { batch: number; count: number }) {
  const { t } = useTranslation('label/decide')
  const queries = useQueryClient()
  const carry = () =>
    void carryOutAccepted(batch)
      .then(({ done, left }) =>
        toast([t('carried', { count: done }), left ? t('carriedLeft', { n: left }) : ''].join(' ')),
      )
      .then(() => queries.invalidateQueries({ queryKey: ['batches', batch] }))
      .catch(toastProblem)
  return (
    <p className={classes.what}>
      {t('acceptedBefore', { count })}{' '}
      <Button size="compact-xs" onClick={carry}>
        {t('carryOut')}
      </Button>
    </p>
  )
}

/** What was handed in, and what was left for which reason. */
function handedIn(t: TFunction<'label/decide'>, { finished, lacking, unanswered }: HandedIn): string {
  const parts = [
    t('finished', { count: finished }),
    lacking > 0 && t('lacking', { count: lacking }),
    unanswered > 0 && t('unanswered', { count: unanswered }),
  ]
  return parts.filter(Boolean).join(' ')
}

/** What the ranking moved may come on two pages. */
function once(rows: GridSuggestion[] | undefined): GridSuggestion[] | undefined {
  return rows && [...new Map(rows.map((row) => [row.id, row])).values()]
}

/** The decisions of this visit. Leaving sends what waits; closing the window with unsaved ones asks first. */
function useQueue(batch: number): DecisionQueue {
  const queries = useQueryClient()
  const [queue] = useState(() => new DecisionQueue((decisions) => sendDecisions(batch, decisions)))
  useEffect(() => {
    const hidden = () => document.hidden && void queue.flush()
    const leaving = (event: BeforeUnloadEvent) => queue.dirty && event.preventDefault()
    document.addEventListener('visibilitychange', hidden)
    window.addEventListener('beforeunload', leaving)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('beforeunload', leaving)
      void queue.flush().finally(() => {
        void queries.invalidateQueries({ queryKey: ['batches'] })
        void queries.invalidateQueries({ queryKey: ['auto-curate'] })
        queries.removeQueries({ queryKey: ['tasks'] })
      })
    }
  }, [queue, queries])
  return queue
}
