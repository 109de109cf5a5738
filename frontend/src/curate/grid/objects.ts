import { queryOptions } from '@tanstack/react-query'
import { get } from '../../api/client'
import { objectOrder } from './orders'
import { PAGE_SIZE } from './pages'
import type { ImageList } from './queries'

/** What is asked of objects beside their images. Lists of words are kept as the address has them. */
export type Conditions = {
  readonly classes: readonly number[]
  readonly sizes: readonly string[]
  readonly provenances: readonly string[]
  readonly verdicts: readonly string[]
  readonly errors: readonly string[]
  /** What became of them in a comparison. */
  readonly changed: readonly string[]
  readonly score_from: number | null
  readonly score_to: number | null
  readonly score_below: number | null
  readonly iou_from: number | null
  readonly iou_to: number | null
  readonly iou_below: number | null
  /** Square pixels. */
  readonly area_from: number | null
  readonly area_below: number | null
  /** A cell of the confusion matrix: labelled and predicted class, 0 for the background. */
  readonly cell: string | null
  /** A comparison of the evaluation: only images that both judged are meant, and `changed` may be asked. */
  readonly comparison: number | null
}
export const LISTS = ['classes', 'sizes', 'provenances', 'verdicts', 'errors', 'changed'] as const
export const SHARES = ['score_from', 'score_to', 'score_below', 'iou_from', 'iou_to', 'iou_below'] as const
export const AREAS = ['area_from', 'area_below'] as const
export const RANGES = [...SHARES, ...AREAS] as const
const ALONE = ['cell', 'comparison'] as const
const CELL = /^\d+:\d+$/
export type ListName = (typeof LISTS)[number]

export const NO_CONDITIONS: Conditions = {
  classes: [],
  sizes: [],
  provenances: [],
  verdicts: [],
  errors: [],
  changed: [],
  score_from: null,
  score_to: null,
  score_below: null,
  iou_from: null,
  iou_to: null,
  iou_below: null,
  area_from: null,
  area_below: null,
  cell: null,
  comparison: null,
}

/** What list of objects the grid shows: those of the images that the query means, under conditions. */
export type ObjectList = ImageList & { readonly conditions: Conditions }

/** With an evaluation objects are its matches, which have verdicts; without one they are labels, which have none. */
export const ASKS_VERDICTS = ['verdicts', 'errors', 'changed', ...ALONE, ...SHARES] as const

/** Reads conditions from an address: numbers and words, separated by commas. */
export function readConditions(search: Record<string, unknown>, judged: boolean): Conditions {
  const words = (name: string) =>
    String(search[name] ?? '')
      .split(',')
      .filter(Boolean)
  const number = (name: string, most: number) => {
    const value = Number(search[name])
    return search[name] !== undefined && value >= 0 && value <= most ? value : null
  }
  const share = (name: string) => (judged ? number(name, 1) : null)
  const comparison = judged && Number(search.comparison) > 0 ? Number(search.comparison) : null
  return {
    classes: words('classes').map(Number).filter(Number.isInteger),
    sizes: words('sizes'),
    provenances: words('provenances'),
    verdicts: judged ? words('verdicts') : [],
    errors: judged ? words('errors') : [],
    changed: comparison ? words('changed') : [],
    comparison,
    score_from: share('score_from'),
    score_to: share('score_to'),
    score_below: share('score_below'),
    iou_from: share('iou_from'),
    iou_to: share('iou_to'),
    iou_below: share('iou_below'),
    area_from: number('area_from', Number.MAX_SAFE_INTEGER),
    area_below: number('area_below', Number.MAX_SAFE_INTEGER),
    cell: judged && CELL.test(String(search.cell ?? '')) ? String(search.cell) : null,
  }
}

/** In an address: nothing is asked about a comparison any more. */
export const NOT_COMPARED = { comparison: undefined, changed: undefined } as const

export const isNarrowed = (conditions: Conditions): boolean =>
  LISTS.some((name) => conditions[name].length > 0) ||
  [...RANGES, ...ALONE].some((name) => conditions[name] !== null)

/** As an address has them; what asks nothing is left out. */
export function written(conditions: Conditions): Record<string, string | number | undefined> {
  const lists = LISTS.map((name) => [name, conditions[name].join(',') || undefined])
  const others = [...RANGES, ...ALONE].map((name) => [name, conditions[name] ?? undefined])
  return Object.fromEntries([...lists, ...others])
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
      get(
        `datasets/${list.dataset}/objects`,
        {
          ...asked(list),
          order: objectOrder(list.order),
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
    queryFn: ({ signal }) => get(`datasets/${list.dataset}/objects/count`, asked(list), signal),
    select: (answer) => answer.count,
    staleTime: 60_000,
  })

/** So many ids the server gives at once. */
export const MOST_IDS = 20_000

export const objectIdsQuery = (list: ObjectList, skip: number, limit: number) =>
  queryOptions({
    queryKey: ['objects', 'ids', list, skip, limit],
    queryFn: ({ signal }) =>
      get(
        `datasets/${list.dataset}/objects/ids`,
        { ...asked(list), order: objectOrder(list.order), skip, limit },
        signal,
      ),
    staleTime: 10_000,
  })

export const objectFacetsQuery = (list: ObjectList) =>
  queryOptions({
    queryKey: ['objects', 'facets', list.dataset, asked(list)],
    queryFn: ({ signal }) => get(`datasets/${list.dataset}/objects/facets`, asked(list), signal),
    staleTime: 60_000,
  })
