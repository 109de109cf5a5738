import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import * as lasso from './lasso'
import * as views from './view'

/** What the map keeps in its address. A map that was computed anew is another one, so its number belongs to the line. */
type Address = { q?: string; by?: string; view?: string; lasso?: string; map?: number }

export type MapSearch = {
  readonly q: string
  readonly by: string
  readonly view: views.View
  readonly lasso: lasso.Corner[] | null
  readonly map: number | null
}

export type SetMapSearch = (part: Partial<Address>, replace?: boolean) => void

/** Reads the address and writes to it: a lasso is a step that "back" takes back, a move of the map is not. */
export function useMapSearch(): [MapSearch, Address, SetMapSearch] {
  const address = useSearch({ strict: false }) as Address
  const navigate = useNavigate()
  const set = useCallback<SetMapSearch>(
    (part, replace = false) => {
      const next = (was: Address) => ({ ...was, ...part })
      void navigate({ to: '.', search: next as never, replace, resetScroll: false })
    },
    [navigate],
  )
  const read = {
    q: address.q ?? '',
    by: address.by ?? 'class',
    view: views.read(address.view),
    lasso: lasso.read(address.lasso),
    map: address.map ?? null,
  }
  return [read, address, set]
}
