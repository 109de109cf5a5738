import { queryOptions } from '@tanstack/react-query'
import { get } from '../../api/client'
import { imageOrder } from './orders'
import { PAGE_SIZE, type PageStart } from './pages'

/** What list of images the grid shows. */
export type ImageList = {
  readonly dataset: number
  readonly q: string
  readonly order: string
  readonly evaluation: number | null
  readonly predictionSet: number | null
}

/** Which images are meant. The evaluation is the one that tp(), fp() and fn() speak of where they name none. */
export type Filter = Pick<ImageList, 'dataset' | 'q' | 'evaluation'>

export const pageKey = (list: ImageList, page: number) => ['images', 'grid', list, page] as const

/** One page of the list. `start` is not part of the key: a page is the same however one comes to it. */
export const pageQuery = (list: ImageList, page: number, start: PageStart) =>
  queryOptions({
    queryKey: pageKey(list, page),
    queryFn: ({ signal }) =>
      get(
        `datasets/${list.dataset}/images`,
        {
          q: start.q,
          after: start.after,
          after_image: start.afterImage,
          order: imageOrder(list.order),
          limit: PAGE_SIZE,
          boxes: true,
          evaluation: list.evaluation,
          prediction_set: list.predictionSet,
        },
        signal,
      ),
    staleTime: 60_000,
  })

export const countQuery = ({ dataset, q, evaluation }: Filter) =>
  queryOptions({
    queryKey: ['images', 'count', dataset, q, evaluation],
    queryFn: ({ signal }) => get(`datasets/${dataset}/images/count`, { q, evaluation }, signal),
    select: (answer) => answer.count,
    staleTime: 60_000,
  })

export const idsQuery = ({ dataset, q, evaluation, order }: Filter & Pick<ImageList, 'order'>) =>
  queryOptions({
    queryKey: ['images', 'ids', dataset, q, evaluation, order],
    queryFn: ({ signal }) =>
      get(`datasets/${dataset}/image-ids`, { q, evaluation, order: imageOrder(order) }, signal),
    select: (answer) => answer.ids,
    staleTime: 60_000,
  })

export const facetsQuery = ({ dataset, q, evaluation }: Filter) =>
  queryOptions({
    queryKey: ['images', 'facets', dataset, q, evaluation],
    queryFn: ({ signal }) => get(`datasets/${dataset}/facets`, { q, evaluation }, signal),
    staleTime: 60_000,
  })

export const boxFacetsQuery = ({ dataset, q, evaluation }: Filter) =>
  queryOptions({
    queryKey: ['images', 'facets', dataset, q, evaluation, 'boxes'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/facets/boxes`, { q, evaluation }, signal),
    staleTime: 60_000,
  })

export const tagsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'tags'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/tags`, {}, signal),
  })

export const completionsQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'completions'],
    queryFn: ({ signal }) => get(`datasets/${dataset}/query/completions`, {}, signal),
    staleTime: 60_000,
  })

export const checkQuery = ({ dataset, q, evaluation }: Filter) =>
  queryOptions({
    queryKey: ['datasets', dataset, 'check', q, evaluation],
    queryFn: ({ signal }) => get(`datasets/${dataset}/query/check`, { q, evaluation }, signal),
    staleTime: 60_000,
  })

/** An evaluation that lists leave out: one at another operating point. */
export const evaluationPointQuery = (id: number) =>
  queryOptions({
    queryKey: ['evaluations', id],
    queryFn: ({ signal }) => get(`evaluations/${id}`, {}, signal),
  })

export const evaluationNamesQuery = (dataset: number) =>
  queryOptions({
    queryKey: ['evaluations', 'names', dataset],
    queryFn: ({ signal }) => get(`datasets/${dataset}/evaluations`, { limit: 100 }, signal),
    select: (page) =>
      page.items.filter(({ state }) => state === 'succeeded').map(({ id, name }) => ({ id, name })),
  })
