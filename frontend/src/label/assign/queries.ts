import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { TaskPart } from '../../api/types'

export const peopleQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'people'],
    queryFn: ({ signal }) => get(`batches/${batch}/people`, {}, signal),
  })

/** Who would get how many. */
export const previewQuery = (batch: number, part: TaskPart | null) =>
  queryOptions({
    queryKey: ['batches', batch, 'assignment', part],
    queryFn: () => post(`batches/${batch}/assignments`, { parts: part ? [part] : [], preview: true }),
    enabled: part !== null,
    gcTime: 0,
  })

export function useAssign(batch: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (part: TaskPart) => post(`batches/${batch}/assignments`, { parts: [part], preview: false }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  })
}
