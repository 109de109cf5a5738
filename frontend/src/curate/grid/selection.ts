/** What is selected in the grid. Either some images by id, or all that match the query but for some. Pure. */

export type Selection = {
  /** True: everything that the query matches, without `ids`. False: just `ids`. */
  readonly all: boolean
  readonly ids: ReadonlySet<number>
  /** Index of the cell that has the focus, and of the one from which Shift extends; -1: none. */
  readonly focus: number
  readonly anchor: number
}

export const NOTHING: Selection = { all: false, ids: new Set(), focus: -1, anchor: -1 }

export const isSelected = (selection: Selection, id: number): boolean =>
  selection.ids.has(id) !== selection.all

/** How many are selected of `total` that match. */
export function countOf(selection: Selection, total: number): number {
  return selection.all ? Math.max(0, total - selection.ids.size) : selection.ids.size
}

export function selectOnly(id: number, index: number): Selection {
  return { all: false, ids: new Set([id]), focus: index, anchor: index }
}

/** Ctrl and click, or Ctrl and Space: this one in or out, the others stay. */
export function toggle(selection: Selection, id: number, index: number): Selection {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ...selection, ids, focus: index, anchor: index }
}

/** Dragging over cells: these come to what was selected before, all of them or none. */
export function withAll(selection: Selection, ids: Iterable<number>): Selection {
  const next = new Set(selection.ids)
  for (const id of ids) {
    if (selection.all) next.delete(id)
    else next.add(id)
  }
  return { ...selection, ids: next }
}

export const selectAll = (selection: Selection): Selection => ({ ...selection, all: true, ids: new Set() })

export const focusOn = (selection: Selection, index: number): Selection => ({ ...selection, focus: index })

/**
 * Shift: everything from the anchor to `index` is selected, and nothing else. `idAt` gives undefined for cells that
 * have not been loaded.
 */
export function extendTo(
  selection: Selection,
  index: number,
  idAt: (index: number) => number | undefined,
): Selection {
  const anchor = selection.anchor < 0 ? index : selection.anchor
  const [first, last] = anchor < index ? [anchor, index] : [index, anchor]
  const ids = new Set<number>()
  for (let at = first; at <= last; at += 1) {
    const id = idAt(at)
    if (id !== undefined) ids.add(id)
  }
  return { all: false, ids, focus: index, anchor }
}

/** Whether Shift to `index` would pass cells that have not been loaded. */
export function hasGap(
  selection: Selection,
  index: number,
  idAt: (index: number) => number | undefined,
): boolean {
  const anchor = selection.anchor < 0 ? index : selection.anchor
  for (let at = Math.min(anchor, index); at <= Math.max(anchor, index); at += 1) {
    if (idAt(at) === undefined) return true
  }
  return false
}

/** The one image that is selected, if it is just one. */
export function onlyOne(selection: Selection): number | null {
  if (selection.all || selection.ids.size !== 1) return null
  const [id] = selection.ids
  return id ?? null
}
