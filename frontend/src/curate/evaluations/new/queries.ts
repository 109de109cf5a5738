import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../../api/client'
import { upload } from '../../../api/upload'

/** What is to be judged, and how. */
export type Judged = { prediction_set: number } | { checkpoint: number }
export type How = { slice?: number; revision?: number; iou: number }

export const newestRevisionsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'newest-revisions'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/revisions`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

/** The checkpoints that can be judged, newest first: of the dataset's runs, and those of none. */
export const judgeableQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['checkpoints', dataset, 'judgeable'],
    queryFn: ({ signal }) => get('checkpoints', { dataset, limit: 500 }, signal),
    select: (page) => page.items,
  })

/** How many images and labels it would be judged on, and how many of the images its weights have seen. */
export const previewQuery = (dataset: number, judged: Judged, { slice, revision }: How) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'evaluation-preview', judged, slice ?? null, revision ?? null],
    queryFn: ({ signal }) =>
      get(`datasets/${dataset}/evaluations/preview`, { ...judged, slice, revision }, signal),
    staleTime: 30_000,
    retry: false,
  })

/** Asks for the evaluation; of a checkpoint the job predicts first, and starts the evaluation then. */
export function useEvaluate(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ judged, how }: { judged: Judged; how: How }) =>
      'checkpoint' in judged
        ? post(`checkpoints/${judged.checkpoint}/evaluate`, { dataset, ...how })
        : post('evaluations', { ...judged, ...how }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets', dataset, 'evaluations'] }),
        queries.invalidateQueries({ queryKey: ['projects'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

export type ResultsFile = {
  file: File
  annotations?: File
  slice?: number
  name?: string
  onProgress: (share: number) => void
}

/** Uploads a COCO results file; its job makes a prediction set. */
export function useBringPredictions(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ onProgress, ...results }: ResultsFile) =>
      upload(`datasets/${dataset}/prediction-sets`, results, { onProgress }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
