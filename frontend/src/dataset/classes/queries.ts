import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { get, patch, post } from '../../api/client'
import type { DatasetClass, Facets } from '../../api/types'
import { datasetQuery } from '../queries'

/** How many boxes and images each class has. */
export const classCountsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'facets', 'all'],
    queryFn: ({ signal }) => get<Facets>(`datasets/${dataset}/facets`, {}, signal),
    select: (facets) => new Map(facets.classes.map((one) => [one.class_id, one])),
  })

type ClassFields = Partial<Pick<DatasetClass, 'name' | 'colour' | 'hotkey'>>

export function useChangeClass(dataset: number) {
  const queries = useQueryClient()
  const key = datasetQuery(dataset).queryKey
  return useMutation({
    mutationFn: ({ id, ...fields }: ClassFields & { id: number }) =>
      patch<DatasetClass>(`classes/${id}`, fields),
    onSuccess: (changed) => {
      queries.setQueryData(
        key,
        (was) =>
          was && { ...was, classes: was.classes.map((one) => (one.id === changed.id ? changed : one)) },
      )
    },
    onSettled: () => queries.invalidateQueries({ queryKey: key, exact: true }),
  })
}

export function useAddClass(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (fields: ClassFields) => post<DatasetClass>(`datasets/${dataset}/classes`, fields),
    onSuccess: () => queries.invalidateQueries({ queryKey: datasetQuery(dataset).queryKey, exact: true }),
  })
}
