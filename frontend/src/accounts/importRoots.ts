import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, put } from '../api/client'

/** Stands for every configured root, those too that are configured later. */
export const EVERY_ROOT = '*'

/** From which server folders and S3 prefixes a project may import; for its managers. */
export const importRootsQuery = (project: number) =>
  queryOptions({
    queryKey: ['projects', project, 'import-roots'],
    queryFn: ({ signal }) => get(`projects/${project}/import-roots`, {}, signal),
  })

/** For administrators. */
export function useGrantRoots(project: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (granted: string[]) => put(`projects/${project}/import-roots`, { granted }, {}),
    onSuccess: (now) => queries.setQueryData(importRootsQuery(project).queryKey, now),
  })
}
