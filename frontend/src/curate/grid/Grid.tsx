import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
} from 'react'
import { strokeOf } from '../../ui/keys'
import { EmptyCell } from './Cell'
import type { CellProps } from './cellProps'
import classes from './Grid.module.css'
import type { Items } from './items'
import { cellsOfRow, type GridLayout, type Rectangle, stepTo } from './layout'
import { isSelected, type Selection } from './selection'
import { type Dragging, useBand } from './useBand'
import { type Rows, useRows } from './useRows'
import { topFor } from './window'

export type Picking = Dragging & {
  /** A click, or an arrow key: how it selects depends on what was held. */
  pick(index: number, how: 'only' | 'toggle' | 'extend'): void
  open(index: number): void
  preview(index: number): void
  clear(): void
  resize(steps: number): void
}

/** What a cell is told beside its item. */
type Props<Item extends { readonly id: number }> = {
  label: string
  layout: GridLayout
  items: Items<Item> & { readonly total: number }
  selection: Selection
  picking: Picking
  /** Draws one cell; the same function as long as it draws the same. */
  cell: (item: Item, props: CellProps) => ReactNode
  /** Index to begin at, where the address names a place; read when it comes. */
  begin: number | null
  /** Told the index of the first cell in sight, once scrolling rests. */
  rested: (index: number) => void
}

/** The items in rows; only those near the window are in the page. One stop for Tab, arrows inside. */
export function Grid<Item extends { readonly id: number }>(props: Props<Item>) {
  const { label, layout, items, selection, picking, cell, begin, rested } = props
  const scroller = useRef<HTMLDivElement>(null)
  const { total } = items
  const rows = useRows(scroller, layout)
  useShowing(items, layout, rows)
  useSteadyPlace(rows, layout, scroller, selection.focus)
  useFocusInSight(rows, layout, scroller, selection.focus)
  useBegin(rows, layout, begin)
  useRested(rows, layout, scroller, rested)
  useEffect(() => {
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true })
  }, [])
  useWheelSize(scroller, picking)
  const [band, pressForBand] = useBand(scroller, rows, layout, total, picking)

  const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / layout.rowHeight) - 1)
  const onKeyDown = (event: KeyboardEvent) => {
    const stroke = strokeOf(event.nativeEvent)
    const to = stepTo(stroke.replace('shift+', ''), selection.focus, layout, total, pageRows)
    if (to !== null) picking.pick(to, event.shiftKey ? 'extend' : 'only')
    else if (selection.focus < 0 || !onFocused(stroke, selection.focus, picking)) return
    event.preventDefault()
  }
  const drawn = Array.from({ length: rows.end - rows.first }, (_, at) => rows.first + at)
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="listbox"
      aria-multiselectable
      aria-label={label}
      aria-activedescendant={selection.focus >= 0 ? `cell-${selection.focus}` : undefined}
      tabIndex={0}
      data-page-keys
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        pressForBand(event)
        press(event, picking)
      }}
      // The cells take no focus of their own: it stays on the list, whose arrow keys go on from the cell pressed.
      onMouseDown={(event) => {
        if (indexOf(event.target) === null) return
        event.preventDefault()
        scroller.current?.focus({ preventScroll: true })
      }}
      onDoubleClick={(event) => {
        const index = indexOf(event.target)
        if (index !== null) picking.open(index)
      }}
    >
      <div className={classes.all} role="presentation" style={{ height: rows.height }}>
        {drawn.map((row) => (
          <div
            key={row}
            role="presentation"
            className={classes.row}
            style={{ transform: `translateY(${rows.offsetOf(row)}px)` }}
          >
            {indices(layout, row, total).map((index) => {
              const item = items.itemAt(index)
              return item ? (
                cell(item, {
                  index,
                  total,
                  width: layout.cellWidth,
                  height: layout.cellHeight,
                  selected: isSelected(selection, item.id),
                  focused: selection.focus === index,
                })
              ) : (
                <EmptyCell key={`empty ${index}`} width={layout.cellWidth} height={layout.cellHeight} />
              )
            })}
          </div>
        ))}
        {band && <Band band={band} offset={rows.offsetOf(0)} />}
      </div>
    </div>
  )
}

function Band({ band, offset }: { band: Rectangle; offset: number }) {
  const { left, top, right, bottom } = band
  const style = { left, top: top + offset, width: right - left, height: bottom - top }
  return <div className={classes.band} style={style} aria-hidden />
}

function indices(layout: GridLayout, row: number, total: number): number[] {
  const [first, end] = cellsOfRow(layout, row, total)
  return Array.from({ length: end - first }, (_, at) => first + at)
}

/** Keys that act on the cell that has the focus. */
function onFocused(stroke: string, focus: number, picking: Picking): boolean {
  if (stroke === 'enter') picking.open(focus)
  else if (stroke === 'space') picking.preview(focus)
  else if (stroke === 'mod+space') picking.pick(focus, 'toggle')
  else if (stroke === 'escape') picking.clear()
  else return false
  return true
}

function indexOf(target: EventTarget): number | null {
  const cell = (target as Element).closest?.('[data-index]')
  return cell ? Number(cell.getAttribute('data-index')) : null
}

function press(event: PointerEvent, picking: Picking): void {
  if (event.button !== 0) return
  const index = indexOf(event.target)
  if (index === null) return
  picking.pick(index, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
}

function useShowing<Item extends { readonly id: number }>(
  items: Items<Item>,
  layout: GridLayout,
  rows: Rows,
): void {
  const { show } = items
  const { first, end } = rows
  useEffect(() => {
    show(first * layout.columns, Math.max(1, end * layout.columns))
  }, [show, first, end, layout.columns])
}

type Ref<T> = { readonly current: T | null }

/** Another size keeps the cell with the focus where it is on the screen, or else the items at the top at the top. */
function useSteadyPlace(rows: Rows, layout: GridLayout, scroller: Ref<HTMLDivElement>, focus: number): void {
  const was = useRef({ layout, focus })
  useLayoutEffect(() => {
    const { layout: before } = was.current
    was.current = { layout, focus }
    if (before.columns === layout.columns && before.rowHeight === layout.rowHeight) return
    const top = rows.top()
    const offsetIn = (one: GridLayout, index: number) => Math.floor(index / one.columns) * one.rowHeight
    const inSight =
      focus >= 0 && Math.abs(offsetIn(before, focus) - top) < (scroller.current?.clientHeight ?? 0)
    const anchor = inSight ? focus : Math.floor(top / before.rowHeight) * before.columns
    rows.scrollTo(offsetIn(layout, anchor) - (offsetIn(before, anchor) - top))
  }, [rows, layout, scroller, focus])
}

/** The cell with the focus is in sight when the focus moves. */
function useFocusInSight(rows: Rows, layout: GridLayout, scroller: Ref<HTMLDivElement>, focus: number): void {
  const latest = useRef({ rows, layout })
  latest.current = { rows, layout }
  useEffect(() => {
    const { rows: now, layout: on } = latest.current
    if (focus < 0) return
    const sight = scroller.current?.clientHeight ?? 0
    const to = topFor(Math.floor(focus / on.columns), on.rowHeight, now.top(), sight)
    if (to !== now.top()) now.scrollTo(to)
  }, [focus, scroller])
}

/** Scrolls to the place that the address names, once it is known. */
function useBegin(rows: Rows, layout: GridLayout, begin: number | null): void {
  const latest = useRef({ rows, layout })
  latest.current = { rows, layout }
  useEffect(() => {
    const { rows: now, layout: on } = latest.current
    if (begin !== null) now.scrollTo(Math.floor(begin / on.columns) * on.rowHeight)
  }, [begin])
}

/** Scrolling rests when nothing has moved for so long (milliseconds). */
const REST_MS = 400

function useRested(
  rows: Rows,
  layout: GridLayout,
  scroller: Ref<HTMLDivElement>,
  rested: (index: number) => void,
) {
  const latest = useRef({ rows, layout, rested })
  latest.current = { rows, layout, rested }
  useEffect(() => {
    const element = scroller.current
    let timer: ReturnType<typeof setTimeout> | undefined
    const say = () => {
      const { rows: now, layout: on, rested: tell } = latest.current
      tell(Math.max(0, Math.round(now.top() / on.rowHeight)) * on.columns)
    }
    const onScroll = () => {
      clearTimeout(timer)
      timer = setTimeout(say, REST_MS)
    }
    element?.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(timer)
      element?.removeEventListener('scroll', onScroll)
    }
  }, [scroller])
}

/** Ctrl and wheel is the browser's zoom unless we say otherwise, so the listener must not be passive. */
function useWheelSize(scroller: Ref<HTMLDivElement>, picking: Picking): void {
  const { resize } = picking
  useEffect(() => {
    const element = scroller.current
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      resize(event.deltaY < 0 ? 1 : -1)
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [scroller, resize])
}
