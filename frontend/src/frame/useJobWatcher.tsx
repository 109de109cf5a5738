import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { useEffect, useRef } from 'react'
import type { Job } from '../api/types'
import { jobQuery } from '../jobs/queries'
import { jobTitle } from '../jobs/useJobTitle'
import { useGo } from '../ui/PathLink'

/** Says how a job ended that was seen running, and has everything that it may have changed read again. */
export function useJobWatcher(active: Job[]): void {
  const queries = useQueryClient()
  const go = useRef(useGo())
  const seen = useRef(new Map<number, Job>())
  useEffect(() => {
    const now = new Map(active.map((job) => [job.id, job]))
    const ended = [...seen.current.keys()].filter((id) => !now.has(id))
    seen.current = now
    if (ended.length === 0) return
    void queries.invalidateQueries()
    for (const id of ended)
      queries.fetchQuery({ ...jobQuery(id), staleTime: 0 }).then(
        (job) => say(job, go.current),
        () => undefined,
      )
  }, [active, queries])
}

/** The note stands outside the router, so its link is given the way to go. */
export function say(job: Job, go: (href: string) => void): void {
  const t = i18next.getFixedT(null, 'frame')
  if (job.state !== 'succeeded' && job.state !== 'failed') return
  const to = job.state === 'failed' ? `/jobs/${job.id}` : (job.link ?? `/jobs/${job.id}`)
  // Of what ended well in a dataset the newest note stands: an experiment of many trainings would fill the page.
  const id = `${job.state}-${job.state === 'failed' ? job.id : `in-${job.dataset ?? job.kind}`}`
  notifications.hide(id)
  notifications.show({
    id,
    title: t(`ended.${job.state}`, { title: jobTitle(job) }),
    message: (
      <>
        {job.state === 'failed' && job.error ? `${job.error} ` : null}
        <a
          href={to}
          onClick={(event) => {
            event.preventDefault()
            go(to)
          }}
        >
          {t('open')}
        </a>
      </>
    ),
    color: job.state === 'failed' ? 'red' : undefined,
    autoClose: job.state === 'failed' ? 15_000 : 7000,
    withBorder: true,
  })
}
