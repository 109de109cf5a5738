import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { ImportReport, Job, Metadata, Page } from '../../api/types'
import { upload } from '../../api/upload'
import { isActive } from '../../jobs/queries'

export type ImportJob = Job<ImportReport>
export type Format = 'auto' | 'yolo' | 'coco' | 'images'
export const FORMATS: Format[] = ['auto', 'coco', 'yolo', 'images']

export type FolderImport = {
  path: string
  format: Format
  annotations?: string
  copy: boolean
  metadata?: Metadata
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

type Zip = {
  file: File
  format: Format
  metadata?: Metadata
  onProgress: (share: number) => void
  signal: AbortSignal
}

export function useImportZip(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: ({ file, format, metadata, onProgress, signal }: Zip) => {
      const form = new FormData()
      form.set('file', file)
      form.set('format', format)
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
