import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { del, get, patch, post } from '../api/client'
import type { AuditLine, Member, NewMember, NewToken, Page, Role, Token } from '../api/types'

/** Members, tokens and the audit trail: what the settings page reads and writes. */

function listed<T>(answer: Page<T> | T[]): T[] {
  return Array.isArray(answer) ? answer : answer.items
}

export const membersQuery = (project: number) =>
  queryOptions({
    queryKey: ['projects', project, 'members'],
    queryFn: async ({ signal }) =>
      listed(await get<Page<Member> | Member[]>(`projects/${project}/members`, {}, signal)),
  })

function useMembersChanged(project: number) {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['projects', project] })
}

export function useAddMember(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({
    mutationFn: (body: { email: string; role: Role }) => post<NewMember>(`projects/${project}/members`, body),
    onSuccess: changed,
  })
}

export function useChangeMember(project: number) {
  const changed = useMembersChanged(project)
  return useMutation({
    mutationFn: ({ id, role }: { id: number; role: Role }) => patch<Member>(`members/${id}`, { role }),
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
    queryFn: async ({ signal }) =>
      listed(await get<Page<AuditLine> | AuditLine[]>(`projects/${project}/audit`, { limit: 200 }, signal)),
  })

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => listed(await get<Page<Token> | Token[]>('tokens', {}, signal)),
})

export function useCreateToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { name: string; project: number; role: Role }) => post<NewToken>('tokens', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useDeleteToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number | string) => del(`tokens/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}
