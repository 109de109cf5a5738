import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { del, get, patch, post, put } from '../../api/client'
import { datasetQuery } from '../queries'

export type NewAttribute = Body<'post', `datasets/${number}/attributes`>['attributes'][number]
export type AttributeChange = Body<'patch', `attributes/${number}`>

/** A schema by what labels carry already. */
export const suggestedQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'suggested attributes'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/attributes/suggested`, {}, signal),
  })

/** How many labels have the attribute. */
export const usesQuery = (id: number) =>
  queryOptions({
    queryKey: ['attributes', id, 'uses'],
    queryFn: ({ signal }) => get(`attributes/${id}/uses`, {}, signal),
    staleTime: 0,
  })

/** What the schema is changed by; the dataset and what is suggested are read anew after each. */
function useWriting<Given, Answer>(dataset: number, write: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['attributes'] })
      void queries.invalidateQueries({ queryKey: ['datasets', dataset, 'suggested attributes'] })
      return queries.invalidateQueries({ queryKey: datasetQuery(dataset).queryKey, exact: true })
    },
  })
}

export const useAddAttributes = (dataset: number) =>
  useWriting(dataset, (attributes: NewAttribute[]) => post(`datasets/${dataset}/attributes`, { attributes }))

export const useChangeAttribute = (dataset: number) =>
  useWriting(dataset, ({ id, ...fields }: AttributeChange & { id: number }) =>
    patch(`attributes/${id}`, fields),
  )

export const useOrderAttributes = (dataset: number) =>
  useWriting(dataset, (ids: number[]) => put(`datasets/${dataset}/attributes/order`, { ids }, {}))

export const useDeleteAttribute = (dataset: number) =>
  useWriting(dataset, ({ id, withValues }: { id: number; withValues: boolean }) =>
    del(`attributes/${id}?values=${withValues ? 'remove' : 'keep'}` as `attributes/${number}`),
  )
