import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { clampSize, SIZES } from './layout'

/** What the grid keeps in its address. */
export type GridSearch = {
  readonly q: string
  readonly size: number
  readonly order: string
  readonly evaluation: number | null
  readonly predictionSet: number | null
  /** The image that had the focus, to come back to. */
  readonly image: number | null
}

type Address = {
  q?: string
  size?: number
  order?: string
  evaluation?: number
  prediction_set?: number
  image?: number
}

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
  const read = {
    q: search.q ?? '',
    size: clampSize(search.size ?? SIZES.usual),
    order: search.order ?? 'id',
    evaluation: search.evaluation ?? null,
    predictionSet: search.prediction_set ?? null,
    image: search.image ?? null,
  }
  return [read, set]
}

/** Leaves out what says nothing, so that addresses stay short. */
function tidy(address: Address): Address {
  const { q, order, ...others } = address
  return {
    ...others,
    q: q?.trim() ? q : undefined,
    order: order === 'id' ? undefined : order,
  }
}
