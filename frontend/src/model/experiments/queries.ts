import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { del, get, post } from '../../api/client'
import { following } from '../../api/following'
import { hear } from '../../api/stream'
import type { ExperimentRequest, RunRequest } from '../../api/types'
import { isActive } from '../../jobs/queries'
import { metricsQuery, withEpoch } from '../queries'

export const experimentsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'experiments'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/experiments`, { limit: 100 }, signal),
    refetchInterval: ({ state }) => following(state.data?.items.some(isActive)),
  })

export const experimentQuery = (id: number) =>
  queryOptions({
    queryKey: ['experiments', id],
    queryFn: ({ signal }) => get(`experiments/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(isActive(state.data)),
  })

/** What an experiment would cost; null: nothing is asked yet. Read again while one epoch is trained to measure it. */
export function useEstimate(request: ExperimentRequest | null, measuring: boolean) {
  return useQuery({
    queryKey: ['experiments', 'estimate', request],
    queryFn: () => post('experiments/estimate', request as ExperimentRequest),
    enabled: request !== null,
    retry: false,
    staleTime: 10_000,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => following(measuring && state.data?.seconds === null),
  })
}

/** Brings each epoch of its runs that ends while the page is open. */
export function useEpochsOf(id: number, runs: number[]): void {
  const queries = useQueryClient()
  const known = runs.join()
  useEffect(
    () =>
      hear({
        news: ({ epoch: told }) => {
          if (!told || !known.split(',').includes(String(told.run))) return
          const { run, ...row } = told
          queries.setQueryData(metricsQuery(run, true).queryKey, (rows) => rows && withEpoch(rows, row))
          queries.setQueryData(
            experimentQuery(id).queryKey,
            (was) =>
              was && {
                ...was,
                runs: was.runs.map((one) => (one.id === run ? { ...one, epoch: row.epoch } : one)),
              },
          )
        },
      }),
    [queries, id, known],
  )
}

function useExperimentsChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['experiments'] }),
      queries.invalidateQueries({ queryKey: ['runs'] }),
      queries.invalidateQueries({ queryKey: ['jobs'] }),
      queries.invalidateQueries({
        predicate: ({ queryKey }) =>
          queryKey[0] === 'datasets' && ['experiments', 'runs'].includes(String(queryKey[2])),
      }),
    ])
}

export function useStartExperiment() {
  const changed = useExperimentsChanged()
  return useMutation({
    mutationFn: (request: ExperimentRequest) => post('experiments', request),
    onSuccess: changed,
  })
}

/** Trains one epoch, so that it is known how fast that goes here. */
export function useMeasure() {
  const changed = useExperimentsChanged()
  return useMutation({ mutationFn: (request: RunRequest) => post('runs', request), onSuccess: changed })
}

export function useExperimentAction(id: number, action: 'cancel' | 'judge') {
  const changed = useExperimentsChanged()
  return useMutation({
    mutationFn: async () => {
      if (action === 'cancel') await post(`experiments/${id}/cancel`)
      else await post(`experiments/${id}/judge`)
    },
    onSuccess: changed,
  })
}

export function useMoreSeeds(id: number) {
  const changed = useExperimentsChanged()
  return useMutation({
    mutationFn: (count: number) => post(`experiments/${id}/more-seeds`, { count }),
    onSuccess: changed,
  })
}

export function useDeleteExperiment(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => del(`experiments/${id}`),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ['experiments', id] })
      return queries.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
}

/** Asks for the comparison of a seed's pair; gives back where it is, or will be. */
export function useComparePair() {
  const changed = useExperimentsChanged()
  return useMutation({
    mutationFn: async (pair: { a: number; b: number }) => {
      const found = await post('comparisons', pair)
      return 'link' in found && found.link ? found.link : `/comparisons/${found.id}`
    },
    onSuccess: changed,
  })
}
