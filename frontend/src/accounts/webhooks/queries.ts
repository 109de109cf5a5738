import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { del, get, patch, post } from '../../api/client'

export const webhooksQuery = (project: number) =>
  queryOptions({
    queryKey: ['webhooks', project],
    queryFn: ({ signal }) => get(`projects/${project}/webhooks`, {}, signal),
  })

const WAITING_MS = 2_000

/** What was sent last, read again while something is on its way. */
export const deliveriesQuery = (webhook: number) =>
  queryOptions({
    queryKey: ['webhooks', 'deliveries', webhook],
    queryFn: ({ signal }) => get(`webhooks/${webhook}/deliveries`, { limit: 50 }, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === 'waiting') ? WAITING_MS : false,
  })

export function useWebhooks(project: number) {
  const queries = useQueryClient()
  const changed = () => queries.invalidateQueries({ queryKey: ['webhooks'] })
  return {
    create: useMutation({
      mutationFn: (body: { url: string; events: string[] }) => post(`projects/${project}/webhooks`, body),
      onSuccess: changed,
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: number } & Body<'patch', `webhooks/${number}`>) =>
        patch(`webhooks/${id}`, body),
      onSuccess: changed,
    }),
    rotate: useMutation({ mutationFn: (id: number) => post(`webhooks/${id}/secret`), onSuccess: changed }),
    remove: useMutation({ mutationFn: (id: number) => del(`webhooks/${id}`), onSuccess: changed }),
    ping: useMutation({ mutationFn: (id: number) => post(`webhooks/${id}/ping`), onSuccess: changed }),
    resend: useMutation({ mutationFn: (id: number) => post(`deliveries/${id}/resend`), onSuccess: changed }),
  }
}
