import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { CellProps } from './cellProps'
import { Grid } from './Grid'
import classes from './GridPage.module.css'
import type { Items } from './items'
import { layoutOf } from './layout'
import { PAGE_SIZE } from './pages'
import { countOf, onlyOne, type Selection } from './selection'
import type { GridSearch, SetSearch } from './useGridSearch'
import { usePicking, useRemembered } from './usePicking'
import { useWidth } from './useWidth'

/** What stands around the grid of a list. */
export type Around<Item> = {
  readonly selection: Selection
  readonly chosen: number
  readonly total: number
  readonly one: number | null
  readonly focused: Item | undefined
  readonly picking: ReturnType<typeof usePicking>['picking']
  readonly previewed: boolean
  readonly closePreview: () => void
  readonly clear: () => void
  readonly selectAll: () => void
}

type Props<Item extends { readonly id: number }> = {
  label: string
  items: Items<Item>
  /** Width over height of a cell. */
  aspect: number
  search: GridSearch
  setSearch: SetSearch
  inspector: boolean
  cell: (item: Item, props: CellProps) => ReactNode
  open: (item: Item) => void
  /** Index at which to begin, once it is known. */
  begin: number | null
  /** Something to select, once it is known. */
  found: { id: number; index: number } | null
  /** What the address keeps of the place and of the selection. */
  placeOf: (index: number) => number | undefined
  remember: 'image' | 'object'
  selected: (one: number | null) => void
  children: (around: Around<Item>) => ReactNode
}

/** Padding of the scroller and the scroll bar's room, CSS pixels. */
const SIDES = 8 + 11

/** A grid of a list, with its selection, and what stands around it. */
export function Listing<Item extends { readonly id: number }>(props: Props<Item>) {
  const { items, aspect, search, setSearch, cell, open, begin, found, placeOf, remember, selected } = props
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  const [previewed, setPreviewed] = useState(false)
  const total = items.total ?? PAGE_SIZE
  const layout = useMemo(
    () => layoutOf({ width: width - SIDES, size: search.size, aspect, count: total }),
    [width, search.size, aspect, total],
  )
  const picks = usePicking({ items, search, setSearch, open, setPreviewed })
  const { selection, picking, clear, selectAll, choose } = picks
  const one = onlyOne(selection)
  useOnce(found, ({ id, index }) => choose(id, index))
  useRemembered(selection, (id, all) => void setSearch({ [remember]: id, all: all ? 1 : undefined }, true))
  useTold(one, selected)
  return (
    <div className={classes.view} data-inspector={props.inspector || undefined}>
      <div ref={place} className={classes.grid}>
        {width > 0 && (
          <Grid
            label={props.label}
            layout={layout}
            items={{ ...items, total }}
            selection={selection}
            picking={picking}
            cell={cell}
            begin={begin}
            rested={(index) => void setSearch({ at: index > 0 ? placeOf(index) : undefined }, true)}
          />
        )}
      </div>
      {props.children({
        selection,
        chosen: countOf(selection, items.total ?? 0),
        total: items.total ?? 0,
        one,
        focused: items.itemAt(selection.focus),
        picking,
        previewed,
        closePreview: () => setPreviewed(false),
        clear,
        selectAll,
      })}
    </div>
  )
}

/** Tells what is selected, but not while the mouse is held: a panel that opens would move the cells under a drag. */
function useTold(one: number | null, tell: (one: number | null) => void): void {
  const latest = useRef(tell)
  latest.current = tell
  const held = useRef(false)
  useEffect(() => {
    const press = () => {
      held.current = true
    }
    const release = () => {
      held.current = false
    }
    window.addEventListener('pointerdown', press, true)
    window.addEventListener('pointerup', release, true)
    return () => {
      window.removeEventListener('pointerdown', press, true)
      window.removeEventListener('pointerup', release, true)
    }
  }, [])
  useEffect(() => {
    const say = () => latest.current(one)
    if (!held.current) return say()
    window.addEventListener('pointerup', say, { once: true })
    return () => window.removeEventListener('pointerup', say)
  }, [one])
}

/** Does something with the first value that comes. */
function useOnce<T>(value: T | null, act: (value: T) => void): void {
  const done = useRef(false)
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (value === null || done.current) return
    done.current = true
    latest.current(value)
  }, [value])
}
