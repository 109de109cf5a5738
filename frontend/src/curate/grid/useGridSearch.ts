import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { clampSize, SIZES } from './layout'
import { type Conditions, readConditions } from './objects'
import { IMAGE_ORDERS, JUDGED_ORDERS, LIKENESS, OBJECT_ORDERS } from './orders'

export type View = 'images' | 'objects'

/** What the grid keeps in its address. */
export type GridSearch = {
  readonly view: View
  readonly q: string
  readonly size: number
  readonly order: string
  readonly evaluation: number | null
  readonly predictionSet: number | null
  /** What is selected, where it is one thing: an image, in the object view an object. */
  readonly image: number | null
  readonly object: number | null
  /** All that match are selected. */
  readonly all: boolean
  /** The place: the first image in sight, in the object view the first object's place in the list. */
  readonly at: number | null
  /** Whether the inspector is open; null where the address does not say. */
  readonly inspector: boolean | null
  readonly conditions: Conditions
}

type Address = {
  view?: 'objects'
  q?: string
  size?: number
  order?: string
  evaluation?: number
  prediction_set?: number
  image?: number
  object?: number
  all?: number
  at?: number
  inspector?: number
} & Record<string, string | number | undefined>

export type SetSearch = (part: Partial<Address>, replace?: boolean) => Promise<void>

/** Reads the address and writes to it: a new query is a step that "back" takes back, a new size is not. */
export function useGridSearch(): [GridSearch, SetSearch] {
  const search = useSearch({ strict: false }) as Address
  const navigate = useNavigate()
  const set = useCallback<SetSearch>(
    (part, replace = false) => {
      const next = (was: Address) => tidy({ ...was, ...part })
      return navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [readSearch(search), set]
}

export function readSearch(search: Address): GridSearch {
  const view = search.view === 'objects' ? 'objects' : 'images'
  const evaluation = search.evaluation ?? null
  return {
    view,
    q: search.q ?? '',
    size: clampSize(search.size ?? SIZES.usual),
    order: orderOf(view, evaluation !== null, search),
    evaluation,
    predictionSet: search.prediction_set ?? null,
    image: search.image ?? null,
    object: search.object ?? null,
    all: Boolean(search.all),
    at: search.at ?? null,
    inspector: search.inspector === undefined ? null : Boolean(search.inspector),
    conditions: readConditions(search, evaluation !== null),
  }
}

/** Orders that can be chosen. */
export function ordersOf(view: View, judged: boolean, q: string): readonly string[] {
  if (view === 'images') return saysNear(q) ? [...IMAGE_ORDERS, LIKENESS] : IMAGE_ORDERS
  return judged ? [...OBJECT_ORDERS, ...JUDGED_ORDERS] : OBJECT_ORDERS
}

function orderOf(view: View, judged: boolean, { q, order }: Address): string {
  return order && ordersOf(view, judged, q ?? '').includes(order) ? order : 'id'
}

/** Images can be in the order of likeness where the query says to what. */
const saysNear = (q: string): boolean => /\bnear\s*\(/i.test(q)

/** Another list is looked at from its beginning, with nothing selected. */
export const ANEW = { at: undefined, all: undefined, image: undefined, object: undefined } as const

/** Leaves out what says nothing, so that addresses stay short. */
function tidy(address: Address): Address {
  const { q, order, ...others } = address
  const isLost = order === LIKENESS && !saysNear(q ?? '')
  return {
    ...others,
    q: q?.trim() ? q : undefined,
    order: order === 'id' || isLost ? undefined : order,
  }
}
