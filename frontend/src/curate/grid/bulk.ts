import { useMutation, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client'
import type { Revision, Slice, SliceBrief, SliceOrigin, Tag } from '../../api/types'
import type { Conditions, ObjectList } from './objects'
import type { ImageList } from './queries'
import type { Selection } from './selection'

/** What a bulk action is about, as the API takes it: ids, or for all that match the filter itself. */
export type Chosen = {
  ids?: number[]
  q?: string
  evaluation?: number | null
  without?: number[]
  /** The ids, or what matches, are objects; where images are wanted, theirs are taken. */
  objects?: boolean
  conditions?: {
    [Name in keyof Conditions]?: Conditions[Name] extends readonly (infer One)[]
      ? One[]
      : NonNullable<Conditions[Name]>
  }
}

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

type Member = { slice: SliceBrief; changed: number[] }
export type Tagged = { tag: Tag; changed: number[] }

/** The bulk actions of a dataset. Each forgets what it has made stale. */
export function useBulk(dataset: number) {
  const queries = useQueryClient()
  const forget = (...keys: unknown[][]) => {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
  }
  const send = <Answer>(action: string, body: object) =>
    post<Answer>(`datasets/${dataset}/bulk/${action}`, body)
  const slices = () =>
    forget(['datasets', dataset, 'slices'], ['images'], ['datasets', dataset, 'completions'])
  const labels = () => forget(['images'], ['objects'], ['datasets', dataset], ['revisions'])
  return {
    makeSlice: useMutation({
      mutationFn: (body: { chosen: Chosen; name: string; description?: string; origin: SliceOrigin }) =>
        send<Slice>('make-slice', body),
      onSuccess: slices,
    }),
    changeSlice: useMutation({
      mutationFn: (body: { chosen: Chosen; slice: number; remove?: boolean }) =>
        send<Member>('change-slice', body),
      onSuccess: slices,
    }),
    tag: useMutation({
      mutationFn: (body: { chosen: Chosen; name: string; remove?: boolean }) => send<Tagged>('tag', body),
      onSuccess: () =>
        forget(['images'], ['datasets', dataset, 'tags'], ['datasets', dataset, 'completions']),
    }),
    remove: useMutation({
      mutationFn: (body: { chosen: Chosen }) => send<{ images: number; boxes: number }>('remove', body),
      onSuccess: () => forget(['images'], ['objects'], ['datasets']),
    }),
    relabel: useMutation({
      mutationFn: (body: { chosen: Chosen; class_id: number; on?: number }) =>
        send<Revision>('relabel', body),
      onSuccess: labels,
    }),
    deleteObjects: useMutation({
      mutationFn: (body: { chosen: Chosen; on?: number }) => send<Revision>('delete', body),
      onSuccess: labels,
    }),
    revert: useMutation({
      mutationFn: (made: Revision) =>
        post<Revision>(`datasets/${dataset}/revert`, { to: made.number - 1, on: made.number }),
      onSuccess: labels,
    }),
  }
}
