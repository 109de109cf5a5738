import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { del, get, patch, post } from '../../api/client'

export const sliceQuery = (id: number) =>
  queryOptions({
    queryKey: ['slices', id],
    queryFn: ({ signal }) => get(`slices/${id}`, {}, signal),
  })

export const statisticsQuery = (id: number) =>
  queryOptions({
    queryKey: ['slices', id, 'statistics'],
    queryFn: ({ signal }) => get(`slices/${id}/statistics`, {}, signal),
  })

/** The first images of a slice, enough to see what is in it. */
export const sliceImagesQuery = (dataset: number, slice: number, limit: number) =>
  queryOptions({
    queryKey: ['slices', slice, 'images', limit],
    queryFn: ({ signal }) => get(`datasets/${dataset}/images`, { slice, limit }, signal),
    select: (page) => page.items,
  })

/** Runs, evaluations, batches and auto-curate runs that use the slice. */
export const usesQuery = (id: number) =>
  queryOptions({
    queryKey: ['slices', id, 'uses'],
    queryFn: ({ signal }) => get(`slices/${id}/uses`, {}, signal),
  })

export const manifestsQuery = (id: number) =>
  queryOptions({
    queryKey: ['slices', id, 'manifests'],
    queryFn: ({ signal }) => get(`slices/${id}/manifests`, {}, signal),
  })

export const diffQuery = (a: number, b: number) =>
  queryOptions({
    queryKey: ['slices', a, 'diff', b],
    queryFn: ({ signal }) => get(`slices/${a}/diff`, { other: b }, signal),
  })

export function useFreeze(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (revision: number | undefined) => post(`slices/${id}/manifests`, { revision }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['slices', id, 'manifests'] }),
  })
}

export const OPERATIONS = ['union', 'intersect', 'subtract'] as const
export type Operation = (typeof OPERATIONS)[number]

export type NewSlice = Body<'post', `datasets/${number}/slices`>

export function useCreateSlice(dataset: number) {
  const changed = useSlicesChanged(dataset)
  return useMutation({
    mutationFn: (body: NewSlice) => post(`datasets/${dataset}/slices`, body),
    onSuccess: changed,
  })
}

export function useChangeSlice(dataset: number, id: number) {
  const changed = useSlicesChanged(dataset)
  return useMutation({
    mutationFn: (body: Body<'patch', `slices/${number}`>) => patch(`slices/${id}`, body),
    onSuccess: changed,
  })
}

export function useDeleteSlice(dataset: number, id: number) {
  const changed = useSlicesChanged(dataset)
  return useMutation({ mutationFn: () => del(`slices/${id}`), onSuccess: changed })
}

function useSlicesChanged(dataset: number) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['datasets', dataset, 'slices'] }),
      queries.invalidateQueries({ queryKey: ['slices'], refetchType: 'active' }),
    ])
}
