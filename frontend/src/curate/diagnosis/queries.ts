import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type {
  Comparison,
  Confusion,
  Curves,
  ErrorType,
  Evaluation,
  EvaluationDetail,
  Job,
  Manifest,
  Page,
  PredictionSet,
  State,
} from '../../api/types'

const FOLLOW_MS = 1500
const open = (state: State | undefined) => state === 'queued' || state === 'running'

export const evaluationsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'evaluations'],
    queryFn: ({ signal }) => get<Page<Evaluation>>(`datasets/${dataset}/evaluations`, { limit: 200 }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => open(one.state)) ? FOLLOW_MS : false),
  })

export const evaluationQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id],
    queryFn: ({ signal }) => get<EvaluationDetail>(`evaluations/${id}`, {}, signal),
    refetchInterval: ({ state }) => (open(state.data?.state) ? FOLLOW_MS : false),
  })

/** What never changes once an evaluation is finished. */
const settled = { staleTime: Number.POSITIVE_INFINITY }

export const curvesQuery = (id: number, classId?: number) =>
  queryOptions({
    queryKey: ['evaluations', id, 'curves', classId ?? 'all'],
    queryFn: ({ signal }) => get<Curves>(`evaluations/${id}/curves`, { class_id: classId }, signal),
    ...settled,
  })

export const confusionQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id, 'confusion'],
    queryFn: ({ signal }) => get<Confusion>(`evaluations/${id}/confusion`, {}, signal),
    ...settled,
  })

export const errorTypesQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id, 'error-types'],
    queryFn: ({ signal }) => get<ErrorType[]>(`evaluations/${id}/error-types`, {}, signal),
    ...settled,
  })

export const manifestQuery = (id: number) =>
  queryOptions({
    queryKey: ['manifests', id],
    queryFn: ({ signal }) => get<Manifest>(`manifests/${id}`, {}, signal),
    ...settled,
  })

export const comparisonsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'comparisons'],
    queryFn: ({ signal }) => get<Page<Comparison>>(`datasets/${dataset}/comparisons`, { limit: 100 }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => open(one.state)) ? FOLLOW_MS : false),
  })

export const comparisonQuery = (id: number) =>
  queryOptions({
    queryKey: ['comparisons', id],
    queryFn: ({ signal }) => get<Comparison>(`comparisons/${id}`, {}, signal),
    refetchInterval: ({ state }) => (open(state.data?.state) ? FOLLOW_MS : false),
  })

export const predictionSetsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'prediction-sets'],
    queryFn: ({ signal }) =>
      get<Page<PredictionSet>>(`datasets/${dataset}/prediction-sets`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export type NewEvaluation = { prediction_set: number; slice?: number; revision?: number; iou?: number }

export function useStartEvaluation(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewEvaluation) => post<Job>('evaluations', body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets', dataset, 'evaluations'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

/** Asks for the comparison b − a: a comparison that exists, or the job that will make it. */
export function useStartComparison(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (sides: { a: number; b: number }) => post<Comparison | Job>('comparisons', sides),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets', dataset, 'comparisons'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}
