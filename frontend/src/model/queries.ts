import { queryOptions, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { del, get, post } from '../api/client'
import { following } from '../api/following'
import { hear } from '../api/stream'
import type { Checkpoint, FormRequest, MeasureRequest, RunRequest } from '../api/types'
import { upload } from '../api/upload'
import { isActive, useJobStarted } from '../jobs/queries'

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => get(`runs/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(isActive(state.data)),
  })

export const metricsQuery = (id: number, live: boolean) =>
  queryOptions({
    queryKey: ['runs', id, 'metrics'],
    queryFn: ({ signal }) => get(`runs/${id}/metrics`, {}, signal),
    refetchInterval: () => following(live),
  })

/** Brings each epoch of a training that ends while its page is open. */
export function useEpochs(id: number): void {
  const queries = useQueryClient()
  useEffect(
    () =>
      hear({
        news: ({ epoch: told }) => {
          if (told?.run !== id) return
          const { run: _, ...row } = told
          queries.setQueryData(metricsQuery(id, true).queryKey, (rows) => rows && withEpoch(rows, row))
          // How long it takes is then what its job says.
          queries.setQueryData(
            runQuery(id).queryKey,
            (was) => was && { ...was, epoch: row.epoch, eta_seconds: null },
          )
        },
      }),
    [queries, id],
  )
}

type Row = { epoch: number }
/** A resumed training does an epoch again. */
export const withEpoch = <R extends Row>(rows: R[], row: R): R[] =>
  [...rows.filter(({ epoch }) => epoch !== row.epoch), row].sort((a, b) => a.epoch - b.epoch)

export const baselinesQuery = (project: number | undefined) =>
  queryOptions({
    queryKey: ['baselines', project],
    queryFn: ({ signal }) => get('baselines', { project }, signal),
    enabled: project !== undefined,
    staleTime: 60_000,
  })

export const checkpointsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['checkpoints', dataset],
    queryFn: ({ signal }) => get('checkpoints', { dataset, limit: 200 }, signal),
    select: (page) => page.items,
  })

/** How the classes of weights fit a dataset's. */
export const classChangesQuery = (checkpoint: number, dataset: number) =>
  queryOptions({
    queryKey: ['checkpoints', checkpoint, 'classes', dataset],
    queryFn: ({ signal }) => get(`checkpoints/${checkpoint}/classes`, { dataset }, signal),
    staleTime: 60_000,
  })

/** How many images a query line finds; null line: nothing is asked. */
export function useImageCount(dataset: number, q: string | null) {
  return useQuery({
    queryKey: ['datasets', dataset, 'count', q],
    queryFn: ({ signal }) => get(`datasets/${dataset}/images/count`, { q }, signal),
    select: (answer) => answer.count,
    enabled: q !== null,
    staleTime: 30_000,
  })
}

function useRunsChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['runs'] }),
      queries.invalidateQueries({ queryKey: ['jobs'] }),
      queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'datasets' && queryKey[2] === 'runs',
      }),
    ])
}

/** Starts a run and, where asked for, its control: the same training on what the parent was trained on. */
export function useStartRuns() {
  const changed = useRunsChanged()
  return useMutation({
    mutationFn: async ({ run, control }: { run: RunRequest; control?: RunRequest }) => {
      const made = await post('runs', run)
      if (control) await post('runs', { ...control, control_of: made.id })
      return made
    },
    onSettled: changed,
  })
}

export function useRunAction(id: number, action: 'cancel' | 'resume') {
  const changed = useRunsChanged()
  return useMutation({ mutationFn: () => post(`runs/${id}/${action}`), onSuccess: changed })
}

/** Goes on with a run, up to so many epochs in all. */
export function useResumeWith(id: number) {
  const changed = useRunsChanged()
  return useMutation({
    mutationFn: (changes: { epochs: number; batch: number; devices: string }) =>
      post(`runs/${id}/resume`, changes),
    onSuccess: changed,
  })
}

export function useDeleteRun(id: number) {
  const changed = useRunsChanged()
  return useMutation({ mutationFn: () => del(`runs/${id}`), onSuccess: changed })
}

type Weights = { project: number; name: string; file: File; onProgress: (share: number) => void }

/** Sends a weights file; the job that it answers converts it. */
export function useUploadWeights() {
  const started = useJobStarted()
  return useMutation({
    mutationFn: ({ onProgress, ...weights }: Weights) => upload('checkpoints', weights, { onProgress }),
    onSuccess: started,
  })
}

/** Whether a conversion that failed can be asked for anew: its file may be gone. */
export function useConversion(job: number, failed: boolean) {
  return useQuery({
    queryKey: ['checkpoints', 'conversions', job],
    queryFn: ({ signal }) => get(`checkpoints/conversions/${job}`, {}, signal),
    enabled: failed,
  })
}

export function useConvertAgain(job: number) {
  const started = useJobStarted()
  return useMutation({
    mutationFn: () => post(`checkpoints/conversions/${job}/again`),
    onSuccess: started,
  })
}

/** Call when a conversion has ended well. */
export function useCheckpointsChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['checkpoints'] }),
      queries.invalidateQueries({ queryKey: ['baselines'] }),
    ])
}

const formsQuery = (checkpoint: Checkpoint, project: number | undefined) =>
  queryOptions({
    queryKey: ['checkpoints', checkpoint.id, 'exports', project],
    queryFn: ({ signal }) => get(`checkpoints/${checkpoint.id}/exports`, { project }, signal),
    enabled: project !== undefined,
    refetchInterval: ({ state }) => following(state.data?.some(isActive)),
  })

/** The exported forms of some checkpoints, newest first; undefined until all are there. */
export function useForms(checkpoints: Checkpoint[], project: number | undefined) {
  return useQueries({
    queries: checkpoints.map((one) => formsQuery(one, project)),
    combine: (answers) => ({
      error: answers.find(({ error }) => error)?.error ?? null,
      forms: answers.every(({ data }) => data)
        ? answers.flatMap(({ data }) => data ?? []).sort((a, b) => b.id - a.id)
        : undefined,
    }),
  })
}

const formsChanged = {
  predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[2] === 'exports',
}

/** Asks for a form; the job that it answers makes and checks it. */
export function useExport() {
  const queries = useQueryClient()
  const started = useJobStarted()
  return useMutation({
    mutationFn: ({ checkpoint, asked }: { checkpoint: number; asked: FormRequest }) =>
      post(`checkpoints/${checkpoint}/exports`, asked),
    onSuccess: () => Promise.all([started(), queries.invalidateQueries(formsChanged)]),
  })
}

/** Asks how fast a baseline is here; the job that it answers measures it. */
export function useMeasure() {
  const started = useJobStarted()
  return useMutation({
    mutationFn: (asked: MeasureRequest) => post('baselines/measure', asked),
    onSuccess: started,
  })
}

export function useDeleteForm() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => del(`forms/${id}`),
    onSuccess: () => queries.invalidateQueries(formsChanged),
  })
}
