import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions } from '../../ui/actions'
import { toastProblem } from '../../ui/toast'
import type { Picking } from './Grid'
import type { Items } from './items'
import { sizeAfter } from './layout'
import {
  extendTo,
  focusOn,
  hasGap,
  NOTHING,
  type Selection,
  selectAll,
  selectOnly,
  toggle,
  withAll,
} from './selection'
import type { GridSearch, SetSearch } from './useGridSearch'

type Result = {
  selection: Selection
  picking: Picking
  clear: () => void
  selectAll: () => void
  /** Selects one that was found by other ways than a click. */
  choose: (id: number, index: number) => void
}

type Wanted<Item extends { readonly id: number }> = {
  items: Items<Item>
  search: GridSearch
  setSearch: SetSearch
  open: (item: Item) => void
  setPreviewed: (previewed: boolean) => void
}

/** Selecting, opening, previewing: what clicks, drags and keys in the grid mean. */
export function usePicking<Item extends { readonly id: number }>(wanted: Wanted<Item>): Result {
  const { search, setSearch, setPreviewed } = wanted
  const [selection, setSelection] = useState<Selection>(() => (search.all ? selectAll(NOTHING) : NOTHING))
  const latest = useRef({ ...wanted, selection })
  latest.current = { ...wanted, selection }
  const base = useRef({ before: NOTHING, adds: false })
  const picking = useMemo<Picking>(() => {
    const itemAt = (index: number) => latest.current.items.itemAt(index)
    const idAt = (index: number) => itemAt(index)?.id
    const extend = async (index: number) => {
      const { selection: was, items } = latest.current
      if (!hasGap(was, index, idAt)) return setSelection(extendTo(was, index, idAt))
      setSelection(focusOn(was, index))
      const from = Math.max(0, Math.min(was.anchor < 0 ? index : was.anchor, index))
      const ids = await items.idsOf(from, Math.max(was.anchor, index) + 1)
      setSelection(extendTo(was, index, (at) => ids[at - from]))
    }
    const under = () => (base.current.adds ? base.current.before : NOTHING)
    const known = (indices: readonly number[]) =>
      indices.map(idAt).filter((id): id is number => id !== undefined)
    const dragEnd = async (indices: readonly number[]) => {
      const last = indices.at(-1)
      const first = indices[0]
      if (first === undefined || last === undefined) return setSelection(under())
      const place = { focus: last, anchor: first }
      const read = known(indices)
      setSelection({ ...withAll(under(), read), ...place })
      if (read.length === indices.length) return
      const [on, ids] = [under(), await latest.current.items.idsOf(first, last + 1)]
      const all = indices.map((index) => ids[index - first]).filter((id): id is number => id !== undefined)
      setSelection({ ...withAll(on, all), ...place })
    }
    return {
      pick: (index, how) => {
        const id = idAt(index)
        if (how === 'extend') void extend(index).catch(toastProblem)
        else if (id === undefined) setSelection((was) => focusOn(was, index))
        else setSelection((was) => (how === 'toggle' ? toggle(was, id, index) : selectOnly(id, index)))
      },
      open: (index) => {
        const item = itemAt(index)
        if (item) latest.current.open(item)
      },
      preview: () => setPreviewed(true),
      clear: () => setSelection(NOTHING),
      resize: (steps) => void setSearch({ size: sizeAfter(latest.current.search.size, steps) }, true),
      holdSelection: (adds) => {
        base.current = { before: latest.current.selection, adds }
      },
      dragOver: (indices) => setSelection({ ...withAll(under(), known(indices)), focus: -1 }),
      dragEnd: (indices) => void dragEnd(indices).catch(toastProblem),
      dragCancel: () => setSelection(base.current.before),
    }
  }, [setSearch, setPreviewed])
  const all = () => setSelection(selectAll)
  const clear = () => setSelection(NOTHING)
  useGridActions(selection, picking, all, clear)
  return {
    selection,
    picking,
    clear,
    selectAll: all,
    choose: (id, index) => setSelection(selectOnly(id, index)),
  }
}

function useGridActions(selection: Selection, picking: Picking, all: () => void, clear: () => void): void {
  const { t } = useTranslation('curate/grid')
  const group = t('images')
  useActions([
    { id: 'grid.all', label: t('action.all'), group, keys: 'x', perform: all },
    { id: 'grid.all2', label: t('action.all'), group, keys: 'mod+a', hidden: true, perform: all },
    { id: 'grid.clear', label: t('action.clear'), group, keys: 'escape', perform: clear },
    { id: 'grid.larger', label: t('action.larger'), group, keys: '+', perform: () => picking.resize(1) },
    { id: 'grid.smaller', label: t('action.smaller'), group, keys: '-', perform: () => picking.resize(-1) },
    {
      id: 'grid.open',
      label: t('action.open'),
      group,
      keys: 'enter',
      bound: false,
      perform: () => picking.open(selection.focus),
    },
    {
      id: 'grid.preview',
      label: t('action.preview'),
      group,
      keys: 'space',
      bound: false,
      perform: () => picking.preview(selection.focus),
    },
  ])
}

/** Tells the address what is selected, once it rests: one thing, or all that match. */
export function useRemembered(
  selection: Selection,
  tell: (one: number | undefined, all: boolean) => void,
): void {
  const latest = useRef(tell)
  latest.current = tell
  const all = selection.all && selection.ids.size === 0
  const one = !selection.all && selection.ids.size === 1 ? [...selection.ids][0] : undefined
  const first = useRef(true)
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    const timer = setTimeout(() => latest.current(one, all), 300)
    return () => clearTimeout(timer)
  }, [one, all])
}
