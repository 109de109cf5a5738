import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { Checkpoint, EvaluationPreview, Job, Page, PredictionsReport, Revision } from '../../api/types'
import { upload } from '../../api/upload'

/** What is to be judged, and how. */
export type Judged = { prediction_set: number } | { checkpoint: number }
export type How = { slice?: number; revision?: number; iou: number }

export const newestRevisionsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'newest-revisions'],
    queryFn: ({ signal }) => get<Page<Revision>>(`datasets/${dataset}/revisions`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

/** The checkpoints that can be judged, newest first: of the dataset's runs, and those of none. */
export const judgeableQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['checkpoints', dataset, 'judgeable'],
    queryFn: ({ signal }) => get<Page<Checkpoint>>('checkpoints', { dataset, limit: 500 }, signal),
    select: (page) => page.items,
  })

/** How many images and labels it would be judged on, and how many of the images its weights have seen. */
export const previewQuery = (dataset: number, judged: Judged, { slice, revision }: How) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'evaluation-preview', judged, slice ?? null, revision ?? null],
    queryFn: ({ signal }) =>
      get<EvaluationPreview>(
        `datasets/${dataset}/evaluations/preview`,
        { ...judged, slice, revision },
        signal,
      ),
    staleTime: 30_000,
    retry: false,
  })

/** Asks for the evaluation; of a checkpoint the job predicts first, and starts the evaluation then. */
export function useEvaluate(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ judged, how }: { judged: Judged; how: How }) =>
      'checkpoint' in judged
        ? post<Job<{ evaluation: number }>>(`checkpoints/${judged.checkpoint}/evaluate`, { dataset, ...how })
        : post<Job<{ evaluation: number }>>('evaluations', { ...judged, ...how }),
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
  annotations: File | null
  slice?: number
  name?: string
  onProgress: (share: number) => void
}

/** Uploads a COCO results file; its job makes a prediction set. */
export function useBringPredictions(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ file, annotations, slice, name, onProgress }: ResultsFile) => {
      const form = new FormData()
      form.set('file', file)
      if (annotations) form.set('annotations', annotations)
      if (slice) form.set('slice', String(slice))
      if (name) form.set('name', name)
      return upload<Job<PredictionsReport>>(`datasets/${dataset}/prediction-sets`, form, { onProgress })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
