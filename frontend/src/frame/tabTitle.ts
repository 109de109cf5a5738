import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { runningJobsQuery } from '../jobs/queries'

/** Title of the browser tab; progress of the page's own work first, else of the job that runs. */
export function tabTitle(title: string, share: number | undefined): string {
  const name = title ? `${title} · Halfday` : 'Halfday'
  return share === undefined ? name : `${Math.floor(share * 100)}% ${name}`
}

export function useTabTitle(title: string, progress?: number): void {
  const { data } = useQuery(runningJobsQuery)
  const share = progress ?? data?.find((job) => job.state === 'running')?.progress
  useEffect(() => {
    document.title = tabTitle(title, share)
  }, [title, share])
}
