import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'

export const revisionsQuery = (dataset: number) =>
  infiniteQueryOptions({
    queryKey: ['datasets', dataset, 'revisions'],
    queryFn: ({ pageParam, signal }) =>
      get(`datasets/${dataset}/revisions`, { limit: 100, after: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const revisionQuery = (id: number) =>
  queryOptions({
    queryKey: ['revisions', id],
    queryFn: ({ signal }) => get(`revisions/${id}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const diffQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['revisions', id, 'diff'],
    queryFn: ({ pageParam, signal }) =>
      get(`revisions/${id}/diff`, { limit: 60, after: pageParam, shapes: true }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Makes a new revision whose labels are those of an older one. */
export function useRevert(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { to: number; message?: string }) => post(`datasets/${dataset}/revert`, body),
    onSuccess: () =>
      Promise.all(
        [['datasets'], ['images'], ['revisions']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  })
}
