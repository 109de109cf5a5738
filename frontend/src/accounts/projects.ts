import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, patch, post } from '../api/client'
import type { Project } from '../api/types'

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => get('projects', {}, signal),
  staleTime: 60_000,
})

export function useProjects() {
  return useQuery(projectsQuery)
}

export function useProject(id: number | undefined): Project | undefined {
  return useProjects().data?.find((project) => project.id === id)
}

export function useCreateProject() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => post('projects', { name }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['projects'] }),
  })
}

export function useRenameProject(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => patch(`projects/${id}`, { name }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['projects'] }),
  })
}
