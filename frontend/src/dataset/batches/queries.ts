import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { post } from '../../api/client'

export type NewBatch = Body<'post', 'batches'>

export function useCreateBatch(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewBatch) => post('batches', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches', 'list', dataset] }),
  })
}
