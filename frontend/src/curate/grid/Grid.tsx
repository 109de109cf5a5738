import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass } from '../../api/types'
import { strokeOf } from '../../ui/keys'
import { Cell, EmptyCell } from './Cell'
import classes from './Grid.module.css'
import { cellsOfRow, type GridLayout, stepTo } from './layout'
import { isSelected, type Selection } from './selection'
import type { Images } from './useImages'

export type Picking = {
  /** A click, or an arrow key: how it selects depends on what was held. */
  pick(index: number, how: 'only' | 'toggle' | 'extend'): void
  open(index: number): void
  preview(index: number): void
  clear(): void
  resize(steps: number): void
}

type Props = {
  layout: GridLayout
  images: Images
  selection: Selection
  picking: Picking
  named: ReadonlyMap<number, DatasetClass>
}

/** The images in rows; only those near the window are in the page. One stop for Tab, arrows inside. */
export function Grid({ layout, images, selection, picking, named }: Props) {
  const { t } = useTranslation('curate/grid')
  const scroller = useRef<HTMLDivElement>(null)
  const total = images.total ?? 0
  const rows = useVirtualizer({
    count: layout.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => layout.rowHeight,
    overscan: 3,
  })
  const shown = rows.getVirtualItems()
  useShowing(images, layout, shown[0]?.index ?? 0, (shown.at(-1)?.index ?? 0) + 1)
  useSteadyPlace(rows, layout, scroller, selection.focus)
  useEffect(() => {
    if (selection.focus >= 0)
      rows.scrollToIndex(Math.floor(selection.focus / layout.columns), { align: 'auto' })
  }, [rows, selection.focus, layout.columns])
  useEffect(() => {
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true })
  }, [])
  useWheelSize(scroller, picking)

  const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / layout.rowHeight) - 1)
  const onKeyDown = (event: KeyboardEvent) => {
    const stroke = strokeOf(event.nativeEvent)
    const to = stepTo(stroke.replace('shift+', ''), selection.focus, layout, total, pageRows)
    if (to !== null) picking.pick(to, event.shiftKey ? 'extend' : 'only')
    else if (selection.focus < 0 || !onFocused(stroke, selection.focus, picking)) return
    event.preventDefault()
  }
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="listbox"
      aria-multiselectable
      aria-label={t('images')}
      aria-activedescendant={selection.focus >= 0 ? `cell-${selection.focus}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => press(event, picking)}
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
      <div className={classes.all} role="presentation" style={{ height: rows.getTotalSize() }}>
        {shown.map((row) => (
          <div
            key={row.key}
            role="presentation"
            className={classes.row}
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {indices(layout, row.index, total).map((index) => {
              const image = images.imageAt(index)
              return image ? (
                <Cell
                  key={image.id}
                  image={image}
                  index={index}
                  total={total}
                  width={layout.cellWidth}
                  height={layout.cellHeight}
                  selected={isSelected(selection, image.id)}
                  focused={selection.focus === index}
                  named={named}
                />
              ) : (
                <EmptyCell key={`empty ${index}`} width={layout.cellWidth} height={layout.cellHeight} />
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
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

function useShowing(images: Images, layout: GridLayout, firstRow: number, endRow: number): void {
  const { show } = images
  useEffect(() => {
    show(firstRow * layout.columns, Math.max(1, endRow * layout.columns))
  }, [show, firstRow, endRow, layout.columns])
}

type Rows = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>
type Ref<T> = { readonly current: T | null }

/** Another size keeps the cell with the focus where it is on the screen, or else the images at the top at the top. */
function useSteadyPlace(rows: Rows, layout: GridLayout, scroller: Ref<HTMLDivElement>, focus: number): void {
  const was = useRef({ layout, focus })
  useLayoutEffect(() => {
    const { layout: before } = was.current
    was.current = { layout, focus }
    if (before.columns === layout.columns && before.rowHeight === layout.rowHeight) return
    const top = scroller.current?.scrollTop ?? 0
    const offsetIn = (one: GridLayout, index: number) => Math.floor(index / one.columns) * one.rowHeight
    const inSight =
      focus >= 0 && Math.abs(offsetIn(before, focus) - top) < (scroller.current?.clientHeight ?? 0)
    const anchor = inSight ? focus : Math.floor(top / before.rowHeight) * before.columns
    rows.measure()
    rows.scrollToOffset(Math.max(0, offsetIn(layout, anchor) - (offsetIn(before, anchor) - top)))
  }, [rows, layout, scroller, focus])
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
