import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { EmbeddingMap, Embeddings, Job, MapColours } from '../../api/types'

const FOLLOW_MS = 2000

/** How far a dataset is embedded; followed while a job is at it. */
export const embeddingsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['embeddings', dataset],
    queryFn: ({ signal }) => get<Embeddings>(`datasets/${dataset}/embeddings`, {}, signal),
    refetchInterval: ({ state }) => (state.data?.job ? FOLLOW_MS : false),
  })

/** A map never changes: computing it again makes another. */
export const mapQuery = (dataset: number, map: number) =>
  queryOptions({
    queryKey: ['embedding-map', dataset, map],
    queryFn: ({ signal }) => get<EmbeddingMap>(`datasets/${dataset}/embedding-map`, { map }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What the points are coloured by: class, sequence, or metadata:KEY, slice:ID, evaluation:ID. */
export const coloursQuery = (dataset: number, map: number, by: string) =>
  queryOptions({
    queryKey: ['embedding-map', dataset, map, 'colours', by],
    queryFn: ({ signal }) => {
      const [kind, ...rest] = by.split(':')
      const name = kind === 'metadata' ? 'key' : kind!
      const which = rest.length ? { [name]: rest.join(':') } : {}
      return get<MapColours>(`datasets/${dataset}/embedding-map/colours`, { map, by: kind, ...which }, signal)
    },
    placeholderData: (before) => before,
    staleTime: 60_000,
  })

export function useComputeEmbeddings(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { objects?: boolean; slice?: number; q?: string }) =>
      post<Job>(`datasets/${dataset}/embeddings`, body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['embeddings', dataset] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}
