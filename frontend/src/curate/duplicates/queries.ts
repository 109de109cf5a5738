import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer, Body } from '../../api/calls'
import { get, post } from '../../api/client'
import { following } from '../../api/following'

export type Duplicates = Answer<'get', `datasets/${number}/duplicates`>
export type DuplicateGroup = Duplicates['items'][number]
export type Likeness = 'exact' | 'near'
export type WantedGroups = { likeness: Likeness; least_overlap: number }

const PAGE = 30

/** Groups of duplicates, the largest first; followed while a search is at work. */
export const duplicatesQuery = (dataset: number, wanted: WantedGroups) =>
  infiniteQueryOptions({
    queryKey: ['duplicates', dataset, wanted],
    queryFn: ({ pageParam, signal }) =>
      get(`datasets/${dataset}/duplicates`, { ...wanted, limit: PAGE, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: ({ state }) => following(state.data?.pages[0]?.job),
  })

type Asked = Body<'post', `datasets/${number}/duplicates/keep-one`>
export type KeptOne = Answer<'post', `datasets/${number}/duplicates/keep-one`>
type Sides = Body<'post', `datasets/${number}/leaks/take-out`>

/** What is done about duplicates and leaks. Each forgets what it has made stale. */
export function useDuplicateActions(dataset: number) {
  const queries = useQueryClient()
  const forget = () => {
    for (const queryKey of [['datasets', dataset], ['images'], ['duplicates', dataset], ['leaks', dataset]])
      void queries.invalidateQueries({ queryKey })
  }
  return {
    keepOne: useMutation({
      mutationFn: (body: Asked) => post(`datasets/${dataset}/duplicates/keep-one`, body),
      onSuccess: forget,
    }),
    /** All that keeping one did: what left a slice comes back, what took its place goes, the slice of the rest too. */
    undoKeepOne: useMutation({
      mutationFn: ({ slice, changed }: KeptOne) =>
        post(`datasets/${dataset}/duplicates/keep-one/undo`, {
          slice: slice.id,
          changed: changed.map((one) => ({ ...one, slice: one.slice.id })),
        }),
      onSuccess: forget,
    }),
    remove: useMutation({
      mutationFn: (slice: number) => post(`datasets/${dataset}/bulk/remove`, { chosen: { slice } }),
      onSuccess: forget,
    }),
    takeOut: useMutation({
      mutationFn: (body: Sides) => post(`datasets/${dataset}/leaks/take-out`, body),
      onSuccess: forget,
    }),
    putBack: useMutation({
      mutationFn: ({ slice, images }: { slice: number; images: number[] }) =>
        post(`datasets/${dataset}/bulk/change-slice`, { chosen: { ids: images }, slice }),
      onSuccess: forget,
    }),
    sliceTheCopies: useMutation({
      mutationFn: (body: Sides & { name: string }) => post(`datasets/${dataset}/leaks/make-slice`, body),
      onSuccess: forget,
    }),
  }
}
