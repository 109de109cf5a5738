import { useMutation, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client'
import type { Batch } from '../../api/types'

export type NewBatch = {
  name: string
  slice?: number
  images?: number[]
  auto_curate?: number
  prediction_set?: number
  review?: boolean
}

export function useCreateBatch(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewBatch) => post<Batch>('batches', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches', 'list', dataset] }),
  })
}
