import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { del, get, patch, post } from '../api/client'
import type { Role, TokenRole } from '../api/types'

/** Members, invitations, tokens and the audit trail: what the settings page reads and writes. */

export const membersQuery = (project: number) =>
  queryOptions({
    queryKey: ['projects', project, 'members'],
    queryFn: ({ signal }) => get(`projects/${project}/members`, {}, signal),
  })

function useMembersChanged(project: number) {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['projects', project] })
}

export const invitationsQuery = (project: number) =>
  queryOptions({
    queryKey: ['projects', project, 'invitations'],
    queryFn: ({ signal }) => get(`projects/${project}/invitations`, {}, signal),
  })

export function useInvite(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) => post(`projects/${project}/invitations`, body),
    onSuccess: changed,
  })
}

export function useWithdraw(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({ mutationFn: (id: number) => del(`invitations/${id}`), onSuccess: changed })
}

export function useChangeMember(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({
    mutationFn: ({ id, role }: { id: number; role: Role }) => patch(`members/${id}`, { role }),
    onSuccess: changed,
  })
}

export function useRemoveMember(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({ mutationFn: (id: number) => del(`members/${id}`), onSuccess: changed })
}

export const auditQuery = (project: number) =>
  queryOptions({
    queryKey: ['projects', project, 'audit'],
    queryFn: ({ signal }) => get(`projects/${project}/audit`, { limit: 200 }, signal),
    select: (page) => page.items,
  })

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => get('tokens', {}, signal),
})

export function useCreateToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { name: string; project: number; role: TokenRole; days: number | null }) =>
      post('tokens', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useDeleteToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => del(`tokens/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}
