import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { address, get, post } from '../../api/client'
import type { ExportReport, Job, Page, PredictionSet } from '../../api/types'
import { isActive } from '../../jobs/queries'

export type ExportJob = Job<ExportReport>
export type Format = 'coco' | 'yolo' | 'voc' | 'bdd100k'
export const FORMATS: Format[] = ['coco', 'yolo', 'voc', 'bdd100k']

/** Which images: at most one of slice, q, images; all of the dataset otherwise. */
export type ExportSource = { slice?: number; q?: string; images?: number[] }
export type ExportRequest = ExportSource & {
  format: Format
  revision?: number
  prediction_set?: number
  files: boolean
}

export const exportsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'exports'],
    queryFn: ({ signal }) => get<Page<ExportJob>>(`datasets/${dataset}/exports`, {}, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? 2000 : false),
  })

export const predictionSetsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'prediction-sets'],
    queryFn: ({ signal }) =>
      get<Page<PredictionSet>>(`datasets/${dataset}/prediction-sets`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export function useStartExport(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ExportRequest) => post<ExportJob>(`datasets/${dataset}/exports`, body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets', dataset, 'exports'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

/** Where the browser fetches the archive of an export. */
export const archiveAddress = (job: number): string => address(`exports/${job}/file`)

/** Whether the archive has been removed by now. */
export const isExpired = (report: ExportReport, now = Date.now()): boolean =>
  new Date(report.expires_at).getTime() < now
