import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { del, get, patch, post } from '../../api/client'
import type { ImageRow, Page, Run, Slice, SliceStatistics } from '../../api/types'

export const sliceQuery = (id: number) =>
  queryOptions({
    queryKey: ['slices', id],
    queryFn: ({ signal }) => get<Slice>(`slices/${id}`, {}, signal),
  })

export const statisticsQuery = (id: number) =>
  queryOptions({
    queryKey: ['slices', id, 'statistics'],
    queryFn: ({ signal }) => get<SliceStatistics>(`slices/${id}/statistics`, {}, signal),
  })

/** The first images of a slice, enough to see what is in it. */
export const sliceImagesQuery = (dataset: number, slice: number, limit: number) =>
  queryOptions({
    queryKey: ['slices', slice, 'images', limit],
    queryFn: ({ signal }) => get<Page<ImageRow>>(`datasets/${dataset}/images`, { slice, limit }, signal),
    select: (page) => page.items,
  })

/** Runs that trained or were judged on the slice. */
export const sliceRunsQuery = (dataset: number, slice: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'runs'],
    queryFn: ({ signal }) => get<Page<Run>>(`datasets/${dataset}/runs`, { limit: 200 }, signal),
    select: (page) =>
      page.items.filter(
        (run) => run.validation_slice?.id === slice || run.train_slices.some((one) => one.id === slice),
      ),
  })

export type NewSlice = { name: string; q?: string; images?: number[]; union?: number[]; description?: string }

export function useCreateSlice(dataset: number) {
  const changed = useSlicesChanged(dataset)
  return useMutation({
    mutationFn: (body: NewSlice) => post<Slice>(`datasets/${dataset}/slices`, body),
    onSuccess: changed,
  })
}

export function useChangeSlice(dataset: number, id: number) {
  const changed = useSlicesChanged(dataset)
  return useMutation({
    mutationFn: (body: { name?: string; description?: string }) => patch<Slice>(`slices/${id}`, body),
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
