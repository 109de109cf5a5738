import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { cellsIn, type GridLayout, type Rectangle } from './layout'
import type { Rows } from './useRows'

export type Dragging = {
  /** A press may become a drag: what is selected now is what it adds to, with Ctrl or Shift. */
  holdSelection(adds: boolean): void
  dragOver(indices: readonly number[]): void
  dragEnd(indices: readonly number[]): void
  dragCancel(): void
}

type Drag = { x: number; y: number; moved: boolean; at: { x: number; y: number } }

/** A press that moves so far is a drag, CSS pixels. */
const SLACK = 5
/** Near an edge the list scrolls by itself: how near, and how fast in pixels a frame at most. */
const EDGE = 36
const SPEED = 28

/** The padding of the scroller, CSS pixels. */
const PADDING = 4

/**
 * A rectangle dragged over the cells selects them; near the upper and lower edge the list scrolls on. Places are those of
 * the list, so that what has scrolled out of sight stays in.
 */
export function useBand(
  scroller: RefObject<HTMLElement | null>,
  rows: Rows,
  layout: GridLayout,
  total: number,
  dragging: Dragging,
): [Rectangle | null, (event: PointerEvent) => void] {
  const [band, setBand] = useState<Rectangle | null>(null)
  const drag = useRef<Drag | null>(null)
  const frame = useRef(0)
  const latest = useRef({ rows, layout, total, dragging })
  latest.current = { rows, layout, total, dragging }

  const placeOf = useCallback(
    (x: number, y: number) => {
      const box = scroller.current?.getBoundingClientRect()
      return {
        x: x - (box?.left ?? 0) - PADDING,
        y: y - (box?.top ?? 0) - PADDING + latest.current.rows.top(),
      }
    },
    [scroller],
  )
  const spanned = useCallback((): { rectangle: Rectangle; indices: number[] } | null => {
    if (!drag.current) return null
    const to = placeOf(drag.current.at.x, drag.current.at.y)
    const { x, y } = drag.current
    const rectangle = {
      left: Math.min(x, to.x),
      right: Math.max(x, to.x),
      top: Math.min(y, to.y),
      bottom: Math.max(y, to.y),
    }
    return { rectangle, indices: cellsIn(latest.current.layout, rectangle, latest.current.total) }
  }, [placeOf])

  const stop = useCallback(() => {
    cancelAnimationFrame(frame.current)
    drag.current = null
    setBand(null)
  }, [])

  const follow = useCallback(() => {
    const now = spanned()
    if (!now) return
    setBand(now.rectangle)
    latest.current.dragging.dragOver(now.indices)
  }, [spanned])

  /** Scrolls while the pointer rests near an edge. */
  const creep = useCallback(() => {
    const box = scroller.current?.getBoundingClientRect()
    if (!drag.current?.moved || !box) return
    const by = speedAt(drag.current.at.y, box.top, box.bottom)
    if (by !== 0) {
      latest.current.rows.scrollTo(latest.current.rows.top() + by)
      follow()
    }
    frame.current = requestAnimationFrame(creep)
  }, [scroller, follow])

  useEffect(() => {
    const onMove = (event: globalThis.PointerEvent) => {
      const held = drag.current
      if (!held) return
      const far = Math.hypot(event.clientX - held.at.x, event.clientY - held.at.y) > SLACK
      if (!held.moved && !far) return
      held.at = { x: event.clientX, y: event.clientY }
      if (!held.moved) {
        held.moved = true
        frame.current = requestAnimationFrame(creep)
      }
      follow()
    }
    const onUp = () => {
      const now = drag.current?.moved ? spanned() : null
      stop()
      if (now) latest.current.dragging.dragEnd(now.indices)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !drag.current?.moved) return
      event.stopPropagation()
      stop()
      latest.current.dragging.dragCancel()
    }
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', onUp)
    window.addEventListener('pointercancel', onUp)
    window.addEventListener('keydown', onKey, true)
    return () => {
      stop()
      window.removeEventListener('pointermove', onMove)
      window.removeEventListener('pointerup', onUp)
      window.removeEventListener('pointercancel', onUp)
      window.removeEventListener('keydown', onKey, true)
    }
  }, [creep, follow, spanned, stop])

  const onPress = useCallback(
    (event: PointerEvent) => {
      const element = scroller.current
      // A finger scrolls; the scroll bar is the browser's.
      if (event.button !== 0 || event.pointerType === 'touch' || !element) return
      if (event.clientX > element.getBoundingClientRect().left + element.clientWidth) return
      const at = { x: event.clientX, y: event.clientY }
      drag.current = { ...placeOf(at.x, at.y), moved: false, at }
      dragging.holdSelection(event.ctrlKey || event.metaKey || event.shiftKey)
    },
    [scroller, placeOf, dragging],
  )
  return [band, onPress]
}

/** Pixels to scroll in a frame with the pointer at `y`. */
export function speedAt(y: number, top: number, bottom: number): number {
  if (y < top + EDGE) return -Math.ceil(Math.min(1, (top + EDGE - y) / EDGE) * SPEED)
  if (y > bottom - EDGE) return Math.ceil(Math.min(1, (y - bottom + EDGE) / EDGE) * SPEED)
  return 0
}
