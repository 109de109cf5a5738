import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { del, get, post } from '../../api/client'
import { following } from '../../api/following'
import type { ImportAnswers, ImportReport, Job, Metadata } from '../../api/types'
import { isActive } from '../../jobs/queries'
import type { Format } from './format'
import { type Order, send } from './sending'

export type FolderImport = {
  path: string
  format: Format
  annotations?: string
  copy: boolean
  metadata?: Metadata
  dry_run: boolean
}

/** A job's result is its kind's: an import gives its report. */
export const asImport = (job: Job) => job as Job<ImportReport>

export const importsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'imports'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/imports`, {}, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => following(state.data?.items.some(isActive)),
  })

export function useImportFolder(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: (body: FolderImport) => post(`datasets/${dataset}/imports`, body),
    onSuccess: done,
  })
}

/** One's uploads that stopped half-way. */
export const unfinishedQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'uploads'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/uploads`, {}, signal),
  })

/** Does what a dry run has shown. */
export function useImportChecked(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: (body: { check: number } & ImportAnswers) => post(`datasets/${dataset}/imports`, body),
    onSuccess: done,
  })
}

/** Makes a prediction set of what an import has found among its labels. */
export function useFoundPredictions(dataset: number) {
  const done = useImportStarted(dataset)
  return useMutation({
    mutationFn: (import_job: number) => post(`datasets/${dataset}/prediction-sets`, { import_job }),
    onSuccess: done,
  })
}

export function useImportFiles(dataset: number) {
  const done = useImportStarted(dataset)
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (order: Omit<Order, 'dataset'>) => send({ dataset, ...order }),
    onSuccess: done,
    onSettled: () => queries.invalidateQueries({ queryKey: ['datasets', dataset, 'uploads'] }),
  })
}

export function useGiveUp(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (upload: number) => del(`uploads/${upload}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['datasets', dataset, 'uploads'] }),
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
