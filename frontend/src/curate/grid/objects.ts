import { queryOptions } from '@tanstack/react-query'
import { get } from '../../api/client'
import type { ObjectFacets, ObjectRow, Page } from '../../api/types'
import { PAGE_SIZE } from './pages'
import type { ImageList } from './queries'

/** What is asked of objects beside their images. Lists of words are kept as the address has them. */
export type Conditions = {
  readonly classes: readonly number[]
  readonly sizes: readonly string[]
  readonly provenances: readonly string[]
  readonly verdicts: readonly string[]
  readonly errors: readonly string[]
  readonly score_from: number | null
  readonly score_to: number | null
  readonly iou_from: number | null
  readonly iou_to: number | null
}
export const LISTS = ['classes', 'sizes', 'provenances', 'verdicts', 'errors'] as const
export const RANGES = ['score_from', 'score_to', 'iou_from', 'iou_to'] as const
export type ListName = (typeof LISTS)[number]

export const NO_CONDITIONS: Conditions = {
  classes: [],
  sizes: [],
  provenances: [],
  verdicts: [],
  errors: [],
  score_from: null,
  score_to: null,
  iou_from: null,
  iou_to: null,
}

/** What list of objects the grid shows: those of the images that the query means, under conditions. */
export type ObjectList = ImageList & { readonly conditions: Conditions }

/** With an evaluation objects are its matches, which have verdicts; without one they are labels, which have none. */
export const ASKS_VERDICTS = ['verdicts', 'errors', ...RANGES] as const

/** Reads conditions from an address: numbers and words, separated by commas. */
export function readConditions(search: Record<string, unknown>, judged: boolean): Conditions {
  const words = (name: string) =>
    String(search[name] ?? '')
      .split(',')
      .filter(Boolean)
  const number = (name: string) => {
    const value = Number(search[name])
    return judged && search[name] !== undefined && value >= 0 && value <= 1 ? value : null
  }
  return {
    classes: words('classes').map(Number).filter(Number.isInteger),
    sizes: words('sizes'),
    provenances: words('provenances'),
    verdicts: judged ? words('verdicts') : [],
    errors: judged ? words('errors') : [],
    score_from: number('score_from'),
    score_to: number('score_to'),
    iou_from: number('iou_from'),
    iou_to: number('iou_to'),
  }
}

export const isNarrowed = (conditions: Conditions): boolean =>
  LISTS.some((name) => conditions[name].length > 0) || RANGES.some((name) => conditions[name] !== null)

/** As an address has them; what asks nothing is left out. */
export function written(conditions: Conditions): Record<string, string | number | undefined> {
  const lists = LISTS.map((name) => [name, conditions[name].join(',') || undefined])
  return Object.fromEntries([...lists, ...RANGES.map((name) => [name, conditions[name] ?? undefined])])
}

/** Adds a value to one of the lists, or takes it away. */
export function toggled(conditions: Conditions, name: ListName, value: string | number): Conditions {
  const was: readonly (string | number)[] = conditions[name]
  const next = was.includes(value) ? was.filter((one) => one !== value) : [...was, value]
  return { ...conditions, [name]: next }
}

function asked({ q, evaluation, conditions }: ObjectList) {
  return { q, evaluation, ...written(conditions) }
}

export const objectPageKey = (list: ObjectList, page: number) => ['objects', 'grid', list, page] as const

/** One page. With the `next` of the page before it that is a short way; without, so many are passed over. */
export const objectPageQuery = (list: ObjectList, page: number, after: string | null) =>
  queryOptions({
    queryKey: objectPageKey(list, page),
    queryFn: ({ signal }) =>
      get<Page<ObjectRow>>(
        `datasets/${list.dataset}/objects`,
        {
          ...asked(list),
          order: list.order,
          limit: PAGE_SIZE,
          ...(after ? { after } : { skip: page * PAGE_SIZE }),
        },
        signal,
      ),
    staleTime: 60_000,
  })

export const objectCountQuery = (list: ObjectList) =>
  queryOptions({
    queryKey: ['objects', 'count', list.dataset, asked(list)],
    queryFn: ({ signal }) =>
      get<{ count: number }>(`datasets/${list.dataset}/objects/count`, asked(list), signal),
    select: (answer) => answer.count,
    staleTime: 60_000,
  })

export const objectIdsQuery = (list: ObjectList, skip: number, limit: number) =>
  queryOptions({
    queryKey: ['objects', 'ids', list, skip, limit],
    queryFn: ({ signal }) =>
      get<{ ids: number[] }>(
        `datasets/${list.dataset}/objects/ids`,
        { ...asked(list), order: list.order, skip, limit },
        signal,
      ),
    staleTime: 10_000,
  })

export const objectFacetsQuery = (list: ObjectList) =>
  queryOptions({
    queryKey: ['objects', 'facets', list.dataset, asked(list)],
    queryFn: ({ signal }) =>
      get<ObjectFacets>(`datasets/${list.dataset}/objects/facets`, asked(list), signal),
    staleTime: 60_000,
  })
