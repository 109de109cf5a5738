import { QueryClient } from '@tanstack/react-query'
import { isProblem, Problem } from './problem'

/** Server state lives here and nowhere else. A call that the server refused is not tried again; a lost one is. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && retryable(error),
      },
    },
  })
}

function retryable(error: unknown): boolean {
  if (error instanceof Problem) return error.isOffline || error.status >= 502
  return !isProblem(error)
}
