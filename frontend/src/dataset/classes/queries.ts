import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { get, patch, post } from '../../api/client'
import { datasetQuery } from '../queries'

/** How many boxes and images each class has. */
export const classCountsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'facets', 'all'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/facets`, {}, signal),
    select: (facets) => new Map(facets.classes.map((one) => [one.class_id, one])),
  })

/** An empty hotkey takes it away. */
type ClassFields = Body<'patch', `classes/${number}`>
type NewClass = Body<'post', `datasets/${number}/classes`>

export function useChangeClass(dataset: number) {
  const queries = useQueryClient()
  const key = datasetQuery(dataset).queryKey
  return useMutation({
    mutationFn: ({ id, ...fields }: ClassFields & { id: number }) => patch(`classes/${id}`, fields),
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
    mutationFn: (fields: NewClass) => post(`datasets/${dataset}/classes`, fields),
    onSuccess: () => queries.invalidateQueries({ queryKey: datasetQuery(dataset).queryKey, exact: true }),
  })
}
