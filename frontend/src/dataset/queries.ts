import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../api/calls'
import { del, get, patch, post } from '../api/client'
import type { Dataset, DatasetClass } from '../api/types'

/** Reads that every product needs: datasets, their classes, their slices. */

export const datasetsQuery = (project?: number) =>
  queryOptions({
    queryKey: ['datasets', 'list', project ?? 'all'],
    queryFn: ({ signal }) => get('datasets', { project, limit: 200 }, signal),
  })

export const datasetQuery = (id: number) =>
  queryOptions({
    queryKey: ['datasets', id],
    queryFn: ({ signal }) => get(`datasets/${id}`, {}, signal),
    staleTime: 60_000,
  })

export const slicesQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'slices'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/slices`, { limit: 500 }, signal),
    select: (page) => page.items,
  })

export const imageQuery = (id: number, revision?: number) =>
  queryOptions({
    queryKey: ['images', id, revision ?? 'head'],
    queryFn: ({ signal }) => get(`images/${id}`, { revision, shapes: true }, signal),
  })

export function useDataset(id: number) {
  return useQuery({ ...datasetQuery(id), enabled: id > 0 })
}

export function useSlices(dataset: number) {
  return useQuery(slicesQuery(dataset))
}

/** The classes of a dataset by id, empty while they load. */
export function useClasses(dataset: number): Map<number, DatasetClass> {
  const { data } = useDataset(dataset)
  return new Map((data?.classes ?? []).map((item) => [item.id, item]))
}

export type NewDataset = Body<'post', 'datasets'>

export function useCreateDataset() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewDataset) => post('datasets', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets', 'list'] }),
  })
}

export function useChangeDataset(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Partial<Pick<Dataset, 'name' | 'description'>>) => patch(`datasets/${id}`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets'] }),
  })
}

export function useDeleteDataset(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => del(`datasets/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets', 'list'] }),
  })
}
