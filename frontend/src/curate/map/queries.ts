import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Query } from '../../api/calls'
import { get, post } from '../../api/client'
import { following } from '../../api/following'

/** How far a dataset is embedded; followed while a job is at it. */
export const embeddingsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['embeddings', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/embeddings`, {}, signal),
    refetchInterval: ({ state }) => following(state.data?.job),
  })

/** A map never changes: computing it again makes another. */
export const mapQuery = (dataset: number, map: number) =>
  queryOptions({
    queryKey: ['embedding-map', dataset, map],
    queryFn: ({ signal }) => get(`datasets/${dataset}/embedding-map`, { map }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

type Colouring = Omit<Query<'get', `datasets/${number}/embedding-map/colours`>, 'map'>

/** As the address has it: class, sequence, or metadata:KEY, slice:ID, evaluation:ID. */
export function colouring(text: string): Colouring {
  const [by, ...rest] = text.split(':')
  const which = rest.join(':')
  if (by === 'metadata') return { by, key: which }
  if (by === 'slice' || by === 'evaluation') return { by, [by]: Number(which) }
  return { by: by === 'sequence' ? by : 'class' }
}

/** What the points are coloured by. */
export const coloursQuery = (dataset: number, map: number, by: string) =>
  queryOptions({
    queryKey: ['embedding-map', dataset, map, 'colours', by],
    queryFn: ({ signal }) =>
      get(`datasets/${dataset}/embedding-map/colours`, { map, ...colouring(by) }, signal),
    placeholderData: (before) => before,
    staleTime: 60_000,
  })

export function useComputeEmbeddings(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { objects?: boolean; slice?: number; q?: string }) =>
      post(`datasets/${dataset}/embeddings`, body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['embeddings', dataset] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}
