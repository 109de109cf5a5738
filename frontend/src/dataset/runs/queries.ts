import { queryOptions } from '@tanstack/react-query'
import { get } from '../../api/client'
import { following } from '../../api/following'
import { isActive } from '../../jobs/queries'

/** The runs that trained on a dataset, read again while one is at it. */
export const runsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'runs'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/runs`, { limit: 200 }, signal),
    refetchInterval: ({ state }) => following(state.data?.items.some(isActive)),
  })
