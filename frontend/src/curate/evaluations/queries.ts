import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import { following } from '../../api/following'
import type { Evaluation, State } from '../../api/types'
import type { ChangedWord } from '../comparisons/addresses'
import type { Controls } from './controls'

const open = (state: State | undefined) => state === 'queued' || state === 'running'

export const evaluationsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'evaluations'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/evaluations`, { limit: 200 }, signal),
    refetchInterval: ({ state }) => following(state.data?.items.some((one) => open(one.state))),
  })

/** Figures are there before their intervals, which take longer. */
export const lacksIntervals = (of: Pick<Evaluation, 'figures' | 'interval' | 'job'> | undefined): boolean =>
  !!of && of.figures !== null && of.interval === null && of.job !== null

export const evaluationQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id],
    queryFn: ({ signal }) => get(`evaluations/${id}`, {}, signal),
    refetchInterval: ({ state: { data } }) => following(open(data?.state) || lacksIntervals(data)),
  })

/** What never changes once an evaluation is finished. */
const settled = { staleTime: Number.POSITIVE_INFINITY }

export const curvesQuery = (id: number, classId?: number) =>
  queryOptions({
    queryKey: ['evaluations', id, 'curves', classId ?? 'all'],
    queryFn: ({ signal }) => get(`evaluations/${id}/curves`, { class_id: classId }, signal),
    ...settled,
  })

export const confusionQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id, 'confusion'],
    queryFn: ({ signal }) => get(`evaluations/${id}/confusion`, {}, signal),
    ...settled,
  })

/** Charts keep what they show until the next answer is there, so that nothing jumps while a slider moves. */
const live = { ...settled, placeholderData: keepPreviousData }

const narrowedBy = (q: string) => ({ q: q || undefined })

export const atQuery = (id: number, { conf, iou, q }: Pick<Controls, 'conf' | 'iou' | 'q'>) =>
  queryOptions({
    queryKey: ['evaluations', id, 'at', conf, iou, q],
    queryFn: ({ signal }) => get(`evaluations/${id}/at`, { conf, iou, ...narrowedBy(q) }, signal),
    ...live,
  })

export const overQuery = (id: number, { iou, beta, q }: Pick<Controls, 'iou' | 'beta' | 'q'>) =>
  queryOptions({
    queryKey: ['evaluations', id, 'over', iou, beta, q],
    queryFn: ({ signal }) =>
      get(`evaluations/${id}/over-confidence`, { iou, beta, ...narrowedBy(q) }, signal),
    ...live,
  })

export const budgetQuery = (id: number, { iou, q }: Pick<Controls, 'iou' | 'q'>) =>
  queryOptions({
    queryKey: ['evaluations', id, 'budget', iou, q],
    queryFn: ({ signal }) => get(`evaluations/${id}/error-budget`, { iou, ...narrowedBy(q) }, signal),
    ...live,
  })

/** The figures on some of the images; those of all stand in the evaluation itself. */
export const figuresQuery = (id: number, q: string) =>
  queryOptions({
    queryKey: ['evaluations', id, 'figures', q],
    queryFn: ({ signal }) => get(`evaluations/${id}/figures`, narrowedBy(q), signal),
    enabled: q !== '',
    ...settled,
  })

export const otherRulesQuery = (id: number, q: string) =>
  queryOptions({
    queryKey: ['evaluations', id, 'other-rules', q],
    queryFn: ({ signal }) => get(`evaluations/${id}/other-rules`, narrowedBy(q), signal),
    ...live,
  })

export const partsQuery = (id: number, { conf, iou, q, by }: Controls) =>
  queryOptions({
    queryKey: ['evaluations', id, 'parts', by, conf, iou, q],
    queryFn: ({ signal }) => get(`evaluations/${id}/parts`, { by, conf, iou, ...narrowedBy(q) }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export const weakSlicesQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id, 'weak-slices'],
    queryFn: ({ signal }) => get(`evaluations/${id}/weak-slices`, {}, signal),
    refetchInterval: ({ state }) => following(state.data?.job),
  })

/** The boxes judged at a point, as an evaluation that the object grid takes. */
export const pointQuery = (
  id: number,
  { conf, iou, rows }: { conf?: number; iou: number; rows?: 'budget' },
) =>
  queryOptions({
    queryKey: ['evaluations', id, 'point', conf, iou, rows],
    queryFn: () => post(`evaluations/${id}/points`, { conf, iou, rows }),
    staleTime: 60_000,
  })

export function useFindWeakSlices(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => post(`evaluations/${id}/weak-slices`),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['evaluations', id, 'weak-slices'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

export function useSliceOfWeak({ id, dataset }: { id: number; dataset: number }) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { place: number; name: string }) =>
      post(`evaluations/${id}/weak-slices/make-slice`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets', dataset, 'slices'] }),
  })
}

export const manifestQuery = (id: number) =>
  queryOptions({
    queryKey: ['manifests', id],
    queryFn: ({ signal }) => get(`manifests/${id}`, {}, signal),
    ...settled,
  })

export const comparisonsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'comparisons'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/comparisons`, { limit: 100 }, signal),
    refetchInterval: ({ state }) => following(state.data?.items.some((one) => open(one.state))),
  })

export const comparisonQuery = (id: number) =>
  queryOptions({
    queryKey: ['comparisons', id],
    queryFn: ({ signal }) => get(`comparisons/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(open(state.data?.state)),
  })

/** All comparisons of a reference with others. */
export const comparisonsWithQuery = (dataset: number, reference: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'comparisons', 'with', reference],
    queryFn: ({ signal }) => get(`datasets/${dataset}/comparisons`, { a: reference, limit: 200 }, signal),
    refetchInterval: ({ state }) => following(state.data?.items.some((one) => open(one.state))),
  })

export const changedObjectsQuery = (comparison: number, changed: ChangedWord) =>
  queryOptions({
    queryKey: ['comparisons', comparison, 'objects', changed],
    queryFn: ({ signal }) => get(`comparisons/${comparison}/objects`, { changed, limit: 12 }, signal),
    ...settled,
  })

export const predictionSetsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'prediction-sets'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/prediction-sets`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export type NewEvaluation = { prediction_set: number; slice?: number; revision?: number; iou?: number }

export function useStartEvaluation(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewEvaluation) => post('evaluations', body),
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
    mutationFn: (sides: { a: number; b: number }) => post('comparisons', sides),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets', dataset, 'comparisons'] }),
        queries.invalidateQueries({ queryKey: ['comparisons'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}
