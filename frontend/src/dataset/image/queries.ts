import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api/calls'
import { get, post } from '../../api/client'

export type ImageRevision = Answer<'get', `images/${number}/history`>[number]

/** The revisions that changed an image's labels, newest first. */
export const historyQuery = (image: number) =>
  queryOptions({
    queryKey: ['images', image, 'history'],
    queryFn: ({ signal }) => get(`images/${image}/history`, {}, signal),
  })

/** The evaluations that judged the image, the newest first, with their verdicts counted. */
export const verdictsQuery = (image: number) =>
  queryOptions({
    queryKey: ['images', image, 'verdicts'],
    queryFn: ({ signal }) => get(`images/${image}/verdicts`, {}, signal),
    staleTime: 60_000,
  })

/** The image as an evaluation sees it: truth and predictions with their verdicts. */
export const judgedQuery = (dataset: number, image: number, evaluation: number) =>
  queryOptions({
    queryKey: ['images', image, 'judged', evaluation],
    queryFn: ({ signal }) =>
      get(`datasets/${dataset}/images`, { q: `id = ${image}`, boxes: true, evaluation, limit: 1 }, signal),
    select: (page) => page.items[0]?.boxes ?? [],
  })

/** An image's place in a list: what the list is ordered by. */
export type Place = { readonly id: number; readonly key: string }

/** The image beside this one in the list that it was opened from; null at the ends. */
export const besideQuery = (dataset: number, place: Place, q: string, order: string, step: 1 | -1) =>
  queryOptions({
    queryKey: ['images', place.id, 'beside', dataset, q, order, step],
    queryFn: async ({ signal }) => {
      // In the order of likeness there is no place before or after by value: there the images go by id.
      const column = order.endsWith('key') ? 'key' : 'id'
      const forward = order.startsWith('-') === (step === -1)
      const value = column === 'key' ? JSON.stringify(place.key) : place.id
      const beyond = `${column} ${forward ? '>' : '<'} ${value}`
      const page = await get(
        `datasets/${dataset}/images`,
        {
          q: q.trim() ? `(${q}) and ${beyond}` : beyond,
          order: forward ? column : `-${column}`,
          limit: 1,
        },
        signal,
      )
      return page.items[0]?.id ?? null
    },
    staleTime: 60_000,
  })

/** Brightness, contrast and sharpness for the dataset's images that were imported before these were measured. */
export function useMeasureImages(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => post(`datasets/${dataset}/measure-images`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}

/** The images that look most like this one. */
export const similarQuery = (image: number) =>
  queryOptions({
    queryKey: ['images', image, 'similar'],
    queryFn: ({ signal }) => get(`images/${image}/similar`, { limit: 24 }, signal),
    staleTime: 60_000,
  })
