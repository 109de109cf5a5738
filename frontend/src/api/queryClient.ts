import { QueryCache, QueryClient } from '@tanstack/react-query'
import { isProblem, Problem } from './problem'

/**
 * Server state lives here and nowhere else. A call that the server refused is not tried again; a lost one is.
 * @param onLoggedOut the session has ended behind the page's back
 */
export function makeQueryClient(onLoggedOut: () => void = () => {}): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      // Who is logged in is asked by the frame's guard, which does this itself.
      onError: (error, query) => isProblem(error, 401) && query.queryKey[0] !== 'me' && onLoggedOut(),
    }),
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
