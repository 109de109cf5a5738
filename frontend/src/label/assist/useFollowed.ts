import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { isActive, useJob } from '../../jobs/queries'
import { type Prelabel, prelabelsQuery } from './queries'

/** The job of a pre-label that is under way; once it has ended, the list is read again. */
export function useFollowed(row: Prelabel | undefined, batch: number) {
  const waits = row !== undefined && (row.state === 'asked' || row.state === 'looked')
  const job = useJob(waits ? row.job : null).data
  const { refetch } = useQuery({ ...prelabelsQuery(batch), enabled: false })
  const ended = job !== undefined && !isActive(job)
  useEffect(() => {
    if (ended) void refetch()
  }, [ended, refetch])
  return job
}
