import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { del, get, patch, post } from '../api/client'
import type { Role } from '../api/types'

/** Members, tokens and the audit trail: what the settings page reads and writes. */

export const membersQuery = (project: number) =>
  queryOptions({
    queryKey: ['projects', project, 'members'],
    queryFn: ({ signal }) => get(`projects/${project}/members`, {}, signal),
  })

function useMembersChanged(project: number) {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['projects', project] })
}

export function useAddMember(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) => post(`projects/${project}/members`, body),
    onSuccess: changed,
  })
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
    mutationFn: (body: { name: string; project: number; role: Role }) => post('tokens', body),
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
