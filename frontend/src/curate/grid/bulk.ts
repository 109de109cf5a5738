import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Body } from '../../api/calls'
import { post } from '../../api/client'
import type { Revision } from '../../api/types'
import type { ObjectList } from './objects'
import type { ImageList } from './queries'
import type { Selection } from './selection'

/** What a bulk action is about, as the API takes it: ids, or for all that match the filter itself. */
export type Chosen = Body<'post', `datasets/${number}/bulk/remove`>['chosen']

export function chosenImages(list: ImageList, selection: Selection): Chosen {
  const ids = [...selection.ids]
  if (!selection.all) return { ids }
  return { q: list.q, evaluation: list.evaluation, without: ids }
}

export function chosenObjects(list: ObjectList, selection: Selection): Chosen {
  const { evaluation, conditions } = list
  const ids = [...selection.ids]
  if (!selection.all) return { objects: true, ids, evaluation }
  const asked = Object.entries(conditions).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  )
  return { objects: true, q: list.q, evaluation, without: ids, conditions: Object.fromEntries(asked) }
}

type Asked<Action extends BulkAction> = Body<'post', `datasets/${number}/bulk/${Action}`>
type BulkAction =
  | 'make-slice'
  | 'change-slice'
  | 'tag'
  | 'sequence'
  | 'remove'
  | 'relabel'
  | 'delete'
  | 'ignore'
  | 'label-state'

/** The bulk actions of a dataset. Each forgets what it has made stale. */
export function useBulk(dataset: number) {
  const queries = useQueryClient()
  const forget = (...keys: unknown[][]) => {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
  }
  const slices = () =>
    forget(['datasets', dataset, 'slices'], ['images'], ['datasets', dataset, 'completions'])
  const labels = () => forget(['images'], ['objects'], ['datasets', dataset], ['revisions'])
  return {
    makeSlice: useMutation({
      mutationFn: (body: Asked<'make-slice'>) => post(`datasets/${dataset}/bulk/make-slice`, body),
      onSuccess: slices,
    }),
    changeSlice: useMutation({
      mutationFn: (body: Asked<'change-slice'>) => post(`datasets/${dataset}/bulk/change-slice`, body),
      onSuccess: slices,
    }),
    tag: useMutation({
      mutationFn: (body: Asked<'tag'>) => post(`datasets/${dataset}/bulk/tag`, body),
      onSuccess: () =>
        forget(['images'], ['datasets', dataset, 'tags'], ['datasets', dataset, 'completions']),
    }),
    sequence: useMutation({
      mutationFn: (body: Asked<'sequence'>) => post(`datasets/${dataset}/bulk/sequence`, body),
      onSuccess: () => forget(['images'], ['datasets', dataset, 'completions'], ['sources', dataset]),
    }),
    remove: useMutation({
      mutationFn: (body: Asked<'remove'>) => post(`datasets/${dataset}/bulk/remove`, body),
      onSuccess: () => forget(['images'], ['objects'], ['datasets']),
    }),
    relabel: useMutation({
      mutationFn: (body: Asked<'relabel'>) => post(`datasets/${dataset}/bulk/relabel`, body),
      onSuccess: labels,
    }),
    deleteObjects: useMutation({
      mutationFn: (body: Asked<'delete'>) => post(`datasets/${dataset}/bulk/delete`, body),
      onSuccess: labels,
    }),
    ignore: useMutation({
      mutationFn: (body: Asked<'ignore'>) => post(`datasets/${dataset}/bulk/ignore`, body),
      onSuccess: labels,
    }),
    labelState: useMutation({
      mutationFn: (body: Asked<'label-state'>) => post(`datasets/${dataset}/bulk/label-state`, body),
      onSuccess: labels,
    }),
    revert: useMutation({
      mutationFn: (made: Revision) =>
        post(`datasets/${dataset}/revert`, { to: made.number - 1, on: made.number }),
      onSuccess: labels,
    }),
  }
}
