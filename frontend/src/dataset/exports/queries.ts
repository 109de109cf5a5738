import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { address, get, post } from '../../api/client'
import { following } from '../../api/following'
import type { ExportReport, Job } from '../../api/types'
import { isActive } from '../../jobs/queries'

type ExportJob = Job<ExportReport>
/** A job's result is its kind's: an export gives its report. */
export const asExport = (job: Job): ExportJob => job as ExportJob
export type Format = Body<'post', `datasets/${number}/exports`>['format']
export const FORMATS: Format[] = [
  'coco',
  'yolo',
  'voc',
  'cvat',
  'label_studio',
  'labelme',
  'dota',
  'kitti',
  'bdd100k',
]

/** What a line of YOLO's labels holds. */
export const LINES = ['boxes', 'segments', 'turned'] as const
export type Lines = (typeof LINES)[number]

export const SPLITS = ['train', 'val', 'test'] as const
export type Split = (typeof SPLITS)[number]
type SplitOf = { slice: number; split: Split }

/** Which images: at most one of slice, splits, q, images; all of the dataset otherwise. */
export type ExportSource = { slice?: number; splits?: SplitOf[]; q?: string; images?: readonly number[] }
export type ExportRequest = ExportSource & {
  format: Format
  revision?: number
  prediction_set?: number
  files: boolean
  unlabelled?: boolean
  lines?: Lines
}

export const exportsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'exports'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/exports`, {}, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => following(state.data?.items.some(isActive)),
  })

export const predictionSetsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'prediction-sets'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/prediction-sets`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export function useStartExport(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ExportRequest) => post(`datasets/${dataset}/exports`, body),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets', dataset, 'exports'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

/** Where the browser fetches the archive of an export. */
export const archiveAddress = (job: number): string => address(`exports/${job}/file`, {})

/** Whether the archive has been removed by now. */
export const isExpired = (report: ExportReport, now = Date.now()): boolean =>
  new Date(report.expires_at).getTime() < now
