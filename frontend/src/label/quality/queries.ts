import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { get, patch, post, put } from '../../api/client'

export const figuresQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'figures'],
    queryFn: ({ signal }) => get(`batches/${batch}/figures`, {}, signal),
  })

export const restQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'rest'],
    queryFn: ({ signal }) => get(`batches/${batch}/rest`, {}, signal),
  })

export const reportQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'report'],
    queryFn: ({ signal }) => get(`batches/${batch}/report`, {}, signal),
    select: ({ rows }) => rows,
  })

/** For managers alone: to a reviewer the server says no, and the page has no such part. */
export const goldQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'gold'],
    queryFn: ({ signal }) => get(`batches/${batch}/gold`, {}, signal),
    select: ({ items }) => items,
    retry: false,
  })

export const severalQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'several'],
    queryFn: ({ signal }) => get(`batches/${batch}/several`, {}, signal),
    select: ({ items }) => items,
  })

/** What is decided on must be what is there now. */
export const copiesQuery = (task: number) =>
  queryOptions({
    queryKey: ['tasks', task, 'copies'],
    queryFn: ({ signal }) => get(`tasks/${task}/copies`, {}, signal),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })

export const ownResultsQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'own-results'],
    queryFn: ({ signal }) => get(`batches/${batch}/own-results`, {}, signal),
    retry: false,
  })

function useChange<Sent, Answer>(send: (sent: Sent) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  })
}

export const useMixInGold = (batch: number) =>
  useChange((wish: Body<'post', `batches/${number}/gold`>) => post(`batches/${batch}/gold`, wish))

export const useReleaseGold = (batch: number) =>
  useChange((_: undefined) => post(`batches/${batch}/gold/release`, {}))

export const useAskSeveral = (batch: number) =>
  useChange((wish: Body<'post', `batches/${number}/several`>) => post(`batches/${batch}/several`, wish))

export const useChangePlan = (batch: number) =>
  useChange((plan: Body<'patch', `batches/${number}/quality-plan`>) =>
    patch(`batches/${batch}/quality-plan`, plan),
  )

export type Answers = { object: number; class_id: number | null }[]

export const useDecide = (task: number) =>
  useChange(({ answers, version }: { answers: Answers; version: number }) =>
    put(`tasks/${task}/copies`, { answers }, { 'If-Match': `"${version}"` }),
  )
