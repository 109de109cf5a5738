import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { get, patch, post, put } from '../../api/client'
import type { IssueKind } from '../../api/types'
import type { SaveAnswer } from '../autosave'

export const reviewQuery = (task: number) =>
  queryOptions({
    queryKey: ['tasks', task, 'review'],
    queryFn: ({ signal }) => get(`tasks/${task}/review`, {}, signal),
  })

export type NewIssue = {
  text: string
  kind: IssueKind
  box_id?: string
  box?: [number, number, number, number]
}

/** What is done to a task's issues; each asks for the review anew. */
export function useIssues(task: number) {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['tasks', task, 'review'] })
  return {
    raise: useMutation({ mutationFn: (body: NewIssue) => post(`tasks/${task}/issues`, body), onSuccess }),
    reply: useMutation({
      mutationFn: ({ issue, text }: { issue: number; text: string }) =>
        post(`issues/${issue}/remarks`, { text }),
      onSuccess,
    }),
    resolve: useMutation({
      mutationFn: ({ issue, resolved }: { issue: number; resolved: boolean }) =>
        patch(`issues/${issue}`, { resolved }),
      onSuccess,
    }),
  }
}

export type VerdictBody = {
  verdict: 'passed' | 'sent_back'
  reason?: string
  despite_issues?: boolean
}

export function decideReview(task: number, body: VerdictBody, version: number): Promise<SaveAnswer> {
  return put(`tasks/${task}/review`, body, { 'If-Match': `"${version}"` })
}

export const holdTask = (task: number) => post(`tasks/${task}/review/hold`)

export const nextReview = (batch: number) => post(`batches/${batch}/next-review`)

export const batchReviewQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'review'],
    queryFn: ({ signal }) => get(`batches/${batch}/review`, {}, signal),
  })

export function useChangeBatchReview(batch: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Body<'patch', `batches/${number}/review`>) => patch(`batches/${batch}/review`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  })
}
