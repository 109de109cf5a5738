import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { Body } from '../api/calls'
import { get, patch, post, put } from '../api/client'
import type { Batch, Resolution } from '../api/types'
import type { SaveAnswer, SaveBody } from './autosave'
import type { TaskSearch } from './taskSearch'

export const batchesQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['batches', 'list', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/batches`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: ['batches', id],
    queryFn: ({ signal }) => get(`batches/${id}`, {}, signal),
  })

const TASKS_PER_PAGE = 100

export const tasksQuery = (batch: number, wanted: TaskSearch) =>
  infiniteQueryOptions({
    queryKey: ['batches', batch, 'tasks', wanted],
    queryFn: ({ pageParam, signal }) =>
      get(
        `batches/${batch}/tasks`,
        { ...wanted, shapes: true, limit: TASKS_PER_PAGE, after: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  })

/**
 * While the editor is open, what it holds is newer; when it closes, the page forgets the answer. Only a task that was
 * asked for ahead is taken from the cache.
 */
export const taskQuery = (id: number) =>
  queryOptions({
    queryKey: ['tasks', id],
    queryFn: ({ signal }) => get(`tasks/${id}`, {}, signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: false,
  })

export function saveTask(id: number, body: SaveBody, version: number): Promise<SaveAnswer> {
  return put(`tasks/${id}`, body, { 'If-Match': `"${version}"` })
}

export const mergeQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'merge'],
    queryFn: ({ signal }) => get(`batches/${batch}/merge`, {}, signal),
    staleTime: 0,
    gcTime: 0,
  })

/** `head` is the revision that the conflicts were decided on. */
export type MergeRequest = { message: string; resolutions: Record<string, Resolution>; head: number }

export function useMerge(batch: Pick<Batch, 'id' | 'dataset'>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: MergeRequest) => post(`batches/${batch.id}/merge`, body),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['batches'] })
      void queries.invalidateQueries({ queryKey: ['datasets'] })
      void queries.invalidateQueries({ queryKey: ['images'] })
    },
  })
}

export function useChangeBatch(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Body<'patch', `batches/${number}`>) => patch(`batches/${id}`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  })
}

/** The task with which to go on: one that I have begun, else one that nobody has, which is mine from now on. */
export async function claimTask(batch: number, me: number): Promise<number | null> {
  const begun = await get(`batches/${batch}/tasks`, { state: 'in_progress', limit: 200 })
  const mine = begun.items.find((task) => task.assignee?.id === me && task.state === 'in_progress')
  if (mine) return mine.id
  return (await post(`batches/${batch}/next`)).task
}

/** What is mine and next, in one dataset or in all. */
export const deskQuery = (dataset: number | undefined) =>
  queryOptions({
    queryKey: ['label-desk', dataset ?? 'all'],
    queryFn: ({ signal }) => get('label-desk', { dataset }, signal),
    staleTime: 0,
  })

export function useBatch(id: number, enabled = true) {
  return useQuery({ ...batchQuery(id), enabled })
}

/** What an image of a dataset can be said to be; the editor asks once. */
export const imageChoicesQuery = (dataset: number | undefined) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'image-choices'],
    queryFn: ({ signal }) => get(`datasets/${dataset ?? 0}/image-choices`, {}, signal),
    enabled: dataset !== undefined,
    staleTime: 300_000,
  })
