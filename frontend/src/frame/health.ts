import { queryOptions } from '@tanstack/react-query'
import { get } from '../api/client'
import { isOpen } from '../api/stream'

const ASKED_EVERY = 60_000 // milliseconds
const ASKED_AGAIN = 2_000 // while something is away

/** How the platform is; news say how full its disk gets, so that nothing is asked while they arrive. */
export const healthQuery = (away: boolean) =>
  queryOptions({
    queryKey: ['health', away],
    queryFn: ({ signal }) => get('health', {}, signal),
    retry: false,
    refetchInterval: () => (away ? ASKED_AGAIN : isOpen() ? false : ASKED_EVERY),
  })
