import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import { upload } from '../../api/upload'

export const instructionsQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'instructions'],
    queryFn: ({ signal }) => get(`batches/${batch}/instructions`, {}, signal),
    staleTime: 60_000,
  })

export const versionsQuery = (batch: number) =>
  queryOptions({
    queryKey: ['batches', batch, 'instructions', 'versions'],
    queryFn: ({ signal }) => get(`batches/${batch}/instructions/history`, {}, signal),
  })

export function useWriteInstructions(batch: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { text: string; seen: number }) => post(`batches/${batch}/instructions`, body),
    onSuccess: (written) => {
      queries.setQueryData(instructionsQuery(batch).queryKey, written)
      void queries.invalidateQueries({ queryKey: versionsQuery(batch).queryKey })
    },
  })
}

/** Remembers that a version was shown; what cannot be remembered is shown once more. */
export function useLookAt(batch: number) {
  const queries = useQueryClient()
  return (number: number) => {
    queries.setQueryData(instructionsQuery(batch).queryKey, (was) => was && { ...was, seen: number })
    void post(`batches/${batch}/instructions/seen`, { number }).catch(() => undefined)
  }
}

export function useAddPicture(dataset: number) {
  return useMutation({
    mutationFn: (file: File) => upload(`datasets/${dataset}/instruction-pictures`, { file }),
  })
}
