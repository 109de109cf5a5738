import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { del, get, patch, post } from '../../api/client'
import { following } from '../../api/following'
import type { Deployment, Endpoint, GateResult } from '../../api/types'
import { isActive, useJobStarted } from '../../jobs/queries'

export const endpointsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['endpoints', 'of', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/endpoints`, { limit: 200 }, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) => following(!!state.data?.items.some(({ coming }) => coming)),
  })

export const endpointQuery = (id: number) =>
  queryOptions({
    queryKey: ['endpoints', id],
    queryFn: ({ signal }) => get(`endpoints/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(!!state.data?.coming),
  })

export const deploymentsQuery = (id: number) =>
  queryOptions({
    queryKey: ['endpoints', id, 'deployments'],
    queryFn: ({ signal }) => get(`endpoints/${id}/deployments`, { limit: 200 }, signal),
    select: (page): Deployment[] => page.items,
  })

export const metricsQuery = (id: number, minutes: number) =>
  queryOptions({
    queryKey: ['endpoints', id, 'metrics', minutes],
    queryFn: ({ signal }) => get(`endpoints/${id}/metrics`, { minutes }, signal),
    refetchInterval: 15_000,
  })

export const gatesQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['gates', 'of', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/gates`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export const gateResultsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['gate-results', 'of', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/gate-results`, { limit: 50 }, signal),
    select: (page): GateResult[] => page.items,
  })

export const gateResultQuery = (id: number) =>
  queryOptions({
    queryKey: ['gate-results', id],
    queryFn: ({ signal }) => get(`gate-results/${id}`, {}, signal),
    refetchInterval: ({ state }) => following(isActive(state.data)),
    enabled: id > 0,
  })

/** Call when anything of an endpoint has changed. */
function useEndpointsChanged() {
  const queries = useQueryClient()
  const started = useJobStarted()
  return () => Promise.all([queries.invalidateQueries({ queryKey: ['endpoints'] }), started()])
}

export function useCreateEndpoint() {
  const onSuccess = useEndpointsChanged()
  return useMutation({ mutationFn: (body: Body<'post', 'endpoints'>) => post('endpoints', body), onSuccess })
}

export function useChangeEndpoint(id: number) {
  const onSuccess = useEndpointsChanged()
  return useMutation({
    mutationFn: (body: Body<'patch', `endpoints/${number}`>) => patch(`endpoints/${id}`, body),
    onSuccess,
  })
}

export function useDeleteEndpoint(id: number) {
  const onSuccess = useEndpointsChanged()
  return useMutation({ mutationFn: () => del(`endpoints/${id}`), onSuccess })
}

export function usePromote(endpoint: Endpoint) {
  const onSuccess = useEndpointsChanged()
  return useMutation({
    mutationFn: (body: { checkpoint: number; reason?: string }) =>
      post(`endpoints/${endpoint.id}/promote`, body),
    onSuccess,
  })
}

export function useRollBack(endpoint: Endpoint) {
  const onSuccess = useEndpointsChanged()
  return useMutation({
    mutationFn: (version: number | null) => post(`endpoints/${endpoint.id}/roll-back`, { version }),
    onSuccess,
  })
}

export function useBringKept(endpoint: Endpoint) {
  const onSuccess = useEndpointsChanged()
  return useMutation({ mutationFn: () => post(`endpoints/${endpoint.id}/kept`), onSuccess })
}

/** Judges a candidate against what is deployed; the answer may be under way still. */
export function useJudge() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { candidate: number; endpoint: string }) => post('gate-results', body),
    onSuccess: (result) => {
      queries.setQueryData(gateResultQuery(result.id).queryKey, result)
      return queries.invalidateQueries({ queryKey: ['jobs'] })
    },
  })
}

export function useSaveGate(dataset: number, id: number | null) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Body<'post', `datasets/${number}/gates`>) =>
      id === null ? post(`datasets/${dataset}/gates`, body) : patch(`gates/${id}`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['gates'] }),
  })
}

export function useDeleteGate(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => del(`gates/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['gates'] }),
  })
}

/** Sends a picture and brings all its boxes down to a low score, so that a slider can choose among them. */
export function useAsk(endpoint: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (picture: File) =>
      post(`endpoints/${endpoint}/predict`, { images: [await inBase64(picture)], conf: 0.03 }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['endpoints', endpoint, 'metrics'] }),
  })
}

function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
