import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer, Body } from '../../api/calls'
import { get, post, put } from '../../api/client'
import { following } from '../../api/following'
import { isProblem } from '../../api/problem'
import type { components } from '../../api/schema'
import type { Xyxy } from '../../canvas/box'
import { useJobStarted } from '../../jobs/queries'
import type { Candidate } from './offers'

type Schemas = components['schemas']
export type AssistSource = Schemas['AssistSource']
export type AssistCounts = Schemas['AssistCounts']
export type Candidates = { readonly checkpoint: number; readonly candidates: readonly Candidate[] }
export type Prelabel = Schemas['Prelabel']
export type PrelabelReport = Schemas['PrelabelReport']

/** What proposes boxes in a batch; followed while it is being exported. */
export const sourceQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'assist'],
    queryFn: ({ signal }) => get(`batches/${batch}/assist`, {}, signal),
    staleTime: 60_000,
    refetchInterval: ({ state }) => following(state.data?.readiness === 'being_made'),
  })

/** A process that is waking up, or has its hands full, answers in a moment. */
const WAKING = { times: 6, milliseconds: 2_500 }

/** The boxes of an image, asked for once and kept: the same checkpoint finds the same again. */
export const candidatesQuery = (image: number, source: AssistSource | undefined) =>
  queryOptions({
    queryKey: ['images', image, 'candidates', source?.kind, source?.id],
    queryFn: ({ signal }) =>
      get(
        `images/${image}/candidates`,
        source?.kind === 'endpoint'
          ? { endpoint: String(source.id) }
          : { checkpoint: source?.id ?? undefined },
        signal,
      ).then(candidatesOf),
    enabled: source?.readiness === 'ready',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 20 * 60_000,
    refetchOnWindowFocus: false,
    retry: (failures, error) => isProblem(error, 503) && failures < WAKING.times,
    retryDelay: WAKING.milliseconds,
  })

function candidatesOf({ checkpoint, candidates }: Answer<'get', `images/${number}/candidates`>): Candidates {
  const places = candidates.flatMap(({ box: [x1, y1, x2, y2], classes }): Candidate[] => {
    const whole = x1 !== undefined && y1 !== undefined && x2 !== undefined && y2 !== undefined
    return whole ? [{ box: [x1, y1, x2, y2], classes }] : []
  })
  return { checkpoint, candidates: places }
}

/** The box around the object that a loose one encloses; null where the picture does not tell. */
export const askTightened = (image: number, box: Xyxy): Promise<Xyxy | null> =>
  post(`images/${image}/tighten`, { box }).then((answer) => answer.box)

export function usePrepare(batch: number) {
  const queries = useQueryClient()
  const started = useJobStarted()
  return useMutation({
    mutationFn: () => post(`batches/${batch}/assist/prepare`),
    onSuccess: () =>
      Promise.all([queries.invalidateQueries({ queryKey: sourceQuery(batch).queryKey }), started()]),
  })
}

export function useChooseSource(batch: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (chosen: Body<'put', `batches/${number}/assist`>) =>
      put(`batches/${batch}/assist`, chosen, {}),
    onSuccess: (source) => queries.setQueryData(sourceQuery(batch).queryKey, source),
  })
}

/** Checkpoints that may propose: those of the dataset's runs, uploaded ones, baselines. */
export const checkpointsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['checkpoints', dataset],
    queryFn: ({ signal }) => get('checkpoints', { dataset, limit: 200 }, signal),
    select: (page) => page.items,
  })

export const endpointsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['endpoints', 'of', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/endpoints`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export const assistCountsQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'assists'],
    queryFn: ({ signal }) => get(`batches/${batch}/assists`, {}, signal),
  })

export const prelabelsQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'prelabels'],
    queryFn: ({ signal }) => get(`batches/${batch}/prelabels`, {}, signal),
  })

export const reportQuery = (prelabel: number) =>
  queryOptions({
    queryKey: ['batches', 'prelabels', prelabel, 'report'],
    queryFn: ({ signal }) => get(`prelabels/${prelabel}/report`, {}, signal),
  })

/** Everything of batches: pre-labels change their tasks. */
const forget = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ['batches'] })

export function useStartPrelabel(batch: number) {
  const queries = useQueryClient()
  const started = useJobStarted()
  return useMutation({
    mutationFn: (checkpoint: number | null) => post(`batches/${batch}/prelabels`, { checkpoint }),
    onSuccess: () => Promise.all([forget(queries), started()]),
  })
}

export type Threshold = { readonly class_id: number; readonly threshold: number }

export function useApplyPrelabel(prelabel: number) {
  const queries = useQueryClient()
  const started = useJobStarted()
  return useMutation({
    mutationFn: (thresholds: readonly Threshold[]) => post(`prelabels/${prelabel}/apply`, { thresholds }),
    onSuccess: () => Promise.all([forget(queries), started()]),
  })
}

export function useTakeBack(prelabel: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => post(`prelabels/${prelabel}/take-back`),
    onSuccess: () => forget(queries),
  })
}

export const useSource = (batch: number) => useQuery(sourceQuery(batch))
