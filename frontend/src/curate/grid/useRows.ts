import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { GridLayout } from './layout'
import { barHeight, held, rowsNear, scaleOf, toBar, toList } from './window'

export type Rows = {
  /** First row to draw and one past the last. */
  readonly first: number
  readonly end: number
  /** Height of what the scroller holds, CSS pixels. */
  readonly height: number
  /** Where a row stands in it. */
  offsetOf(row: number): number
  /** Place of the list at the upper edge, CSS pixels of the list. */
  top(): number
  scrollTo(top: number): void
}

type State = { first: number; end: number; shift: number }
const NOTHING: State = { first: 0, end: 0, shift: 0 }

/** The rows near what is in sight; told again only when these change, not at every pixel. */
export function useRows(scroller: RefObject<HTMLElement | null>, layout: GridLayout): Rows {
  const [state, setState] = useState<State>(NOTHING)
  const place = useRef({ top: 0, bar: 0 })
  const latest = useRef(layout)
  latest.current = layout
  const update = useCallback(
    (top: number) => {
      const element = scroller.current
      if (!element) return
      const { rowHeight, rows, height } = latest.current
      const sight = element.clientHeight
      place.current = { top, bar: element.scrollTop }
      const [first, end] = rowsNear(top, sight, rowHeight, rows)
      // A list that is too tall is drawn at the place of the scroll bar.
      const shift = scaleOf({ total: height, sight }) === 1 ? 0 : element.scrollTop - top
      setState((was) =>
        was.first === first && was.end === end && was.shift === shift ? was : { first, end, shift },
      )
    },
    [scroller],
  )
  const sizes = useCallback(
    () => ({ total: latest.current.height, sight: scroller.current?.clientHeight ?? 0 }),
    [scroller],
  )
  const scrollTo = useCallback(
    (wanted: number) => {
      const element = scroller.current
      if (!element) return
      const top = held(wanted, sizes())
      element.scrollTop = toBar(top, sizes())
      update(scaleOf(sizes()) === 1 ? element.scrollTop : top)
    },
    [scroller, sizes, update],
  )
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const onScroll = () => {
      // Our own scrolling is known more exactly than the scroll bar can say.
      if (Math.abs(element.scrollTop - place.current.bar) >= 1) update(toList(element.scrollTop, sizes()))
    }
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey || scaleOf(sizes()) === 1) return
      event.preventDefault()
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? latest.current.rowHeight / 3 : 1
      scrollTo(place.current.top + event.deltaY * lines)
    }
    const observer = new ResizeObserver(() => update(place.current.top))
    element.addEventListener('scroll', onScroll, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: false })
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', onScroll)
      element.removeEventListener('wheel', onWheel)
      observer.disconnect()
    }
  }, [scroller, sizes, scrollTo, update])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another layout has other rows at the same place
  useLayoutEffect(() => update(place.current.top), [layout, update])
  return useMemo(
    () => ({
      ...state,
      height: barHeight({ total: layout.height, sight: 0 }),
      offsetOf: (row: number) => row * layout.rowHeight + state.shift,
      top: () => place.current.top,
      scrollTo,
    }),
    [state, layout, scrollTo],
  )
}
