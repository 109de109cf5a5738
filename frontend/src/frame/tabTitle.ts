import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { runningJobsQuery } from '../jobs/queries'
import type { Standing } from '../page/places'

/** Title of the browser tab; progress of the page's own work first, else of the job that runs. */
export function tabTitle(title: string, share: number | undefined): string {
  const name = title ? `${title} · Halfday` : 'Halfday'
  return share === undefined ? name : `${Math.floor(share * 100)}% ${name}`
}

/** Between two pages the tab keeps the name of the one that was left. */
export function useTabTitle(page: Standing | null): void {
  const { data } = useQuery(runningJobsQuery)
  const share = page?.progress ?? data?.find((job) => job.state === 'running')?.progress
  const title = page?.title
  useEffect(() => {
    if (title !== undefined) document.title = tabTitle(title, share)
  }, [title, share])
}
