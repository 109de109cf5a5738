import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { ImportReport, Job, Metadata, Page } from '../../api/types'
import { upload } from '../../api/upload'
import { isActive } from '../../jobs/queries'

export type ImportJob = Job<ImportReport>
export const FORMATS = [
  'auto',
  'coco',
  'yolo',
  'voc',
  'bdd100k',
  'cvat',
  'labelme',
  'openimages',
  'images',
] as const
export type Format = (typeof FORMATS)[number]

export type FolderImport = {
  path: string
  format: Format
  annotations?: string
  copy: boolean
  metadata?: Metadata
  dry_run: boolean
}

export const importsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'imports'],
    queryFn: ({ signal }) => get<Page<ImportJob> | ImportJob[]>(`datasets/${dataset}/imports`, {}, signal),
    select: (answer) => (Array.isArray(answer) ? answer : answer.items),
    refetchInterval: ({ state }) => (listed(state.data).some(isActive) ? 2000 : false),
  })

function listed(answer: Page<ImportJob> | ImportJob[] | undefined): ImportJob[] {
  return Array.isArray(answer) ? answer : (answer?.items ?? [])
}

export function useImportFolder(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: (body: FolderImport) => post<ImportJob>(`datasets/${dataset}/imports`, body),
    onSuccess: done,
  })
}

/** Does what a dry run has shown. */
export function useImportChecked(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: (check: number) => post<ImportJob>(`datasets/${dataset}/imports`, { check }),
    onSuccess: done,
  })
}

type Zip = {
  file: File
  dry_run: boolean
  format: Format
  metadata?: Metadata
  onProgress: (share: number) => void
  signal: AbortSignal
}

export function useImportZip(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: ({ file, format, metadata, dry_run, onProgress, signal }: Zip) => {
      const form = new FormData()
      form.set('file', file)
      form.set('format', format)
      form.set('dry_run', String(dry_run))
      if (metadata) form.set('metadata', JSON.stringify(metadata))
      return upload<ImportJob>(`datasets/${dataset}/imports`, form, { onProgress, signal })
    },
    onSuccess: done,
  })
}

function useImportStarted(dataset: number) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['datasets', dataset, 'imports'] }),
      queries.invalidateQueries({ queryKey: ['jobs'] }),
    ])
}
