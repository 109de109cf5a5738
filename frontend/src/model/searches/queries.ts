import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { del, get, post } from '../../api/client'
import { following } from '../../api/following'
import type { SearchRequest } from '../../api/types'
import { isActive } from '../../jobs/queries'

export const searchesQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'searches'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/searches`, { limit: 100 }, signal),
    refetchInterval: ({ state }) => following(state.data?.items.some(isActive)),
  })

export const searchQuery = (id: number) =>
  queryOptions({
    queryKey: ['searches', id],
    queryFn: ({ signal }) => get(`searches/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(isActive(state.data)),
  })

/** The settings that can be searched for, with the ranges that are proposed. */
export const searchableQuery = queryOptions({
  queryKey: ['searches', 'settings'],
  queryFn: ({ signal }) => get('searches/settings', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

/** What a search would take; null: nothing is asked yet. */
export function useSearchEstimate(request: SearchRequest | null) {
  return useQuery({
    queryKey: ['searches', 'estimate', request],
    queryFn: () => post('searches/estimate', request as SearchRequest),
    enabled: request !== null,
    retry: false,
    staleTime: 10_000,
    placeholderData: (before) => before,
  })
}

function useSearchesChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['searches'] }),
      queries.invalidateQueries({ queryKey: ['runs'] }),
      queries.invalidateQueries({ queryKey: ['jobs'] }),
      queries.invalidateQueries({
        predicate: ({ queryKey }) =>
          queryKey[0] === 'datasets' && ['searches', 'runs'].includes(String(queryKey[2])),
      }),
    ])
}

export function useStartSearch() {
  const changed = useSearchesChanged()
  return useMutation({
    mutationFn: (request: SearchRequest) => post('searches', request),
    onSuccess: changed,
  })
}

export function useCancelSearch(id: number) {
  const changed = useSearchesChanged()
  return useMutation({ mutationFn: () => post(`searches/${id}/cancel`), onSuccess: changed })
}

/** Goes on, up to so many trials and minutes in all where they are given. */
export function useResumeSearch(id: number) {
  const changed = useSearchesChanged()
  return useMutation({
    mutationFn: (upTo: { trials?: number; minutes?: number }) => post(`searches/${id}/resume`, upTo),
    onSuccess: changed,
  })
}

export function useDeleteSearch(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => del(`searches/${id}`),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ['searches', id] })
      return queries.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
}
