import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Point, Size } from './box'
import { isOn, screenDistance } from './hits'
import classes from './ImageView.module.css'
import type { Mark } from './marks'
import { clear, paintImage, paintMarks } from './paint'
import { afterWheel, placeOn } from './pointer'
import { usePicture } from './usePicture'
import { fitted, pannedBy, resizedScreen, toImage, type Viewport } from './viewport'

type Props = {
  image: Size
  file: string
  thumbnail: string
  marks: readonly Mark[]
  label: string
  /** Key of the mark to show as hovered, and the word that the pointer is on another. */
  hovered?: string | null
  onHover?: (key: string | null) => void
  /** Shown where the picture cannot be loaded. */
  failed?: string
}

/** An image with boxes to look at: the wheel zooms, dragging pans, a double click fits. The editor has its own stage. */
export function ImageView({ image, file, thumbnail, marks, label, hovered, onHover, failed }: Props) {
  const stage = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = image
  const [view, setView] = useView(width, height, stage)
  const drag = useRef<Point | null>(null)
  const picture = usePicture(file, thumbnail)
  const shown = useMemo(
    () => marks.map((mark) => (mark.key === hovered ? { ...mark, hovered: true } : mark)),
    [marks, hovered],
  )
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !canvas.current || view.screen.width === 0) return
    canvas.current.width = Math.round(view.screen.width * devicePixelRatio)
    canvas.current.height = Math.round(view.screen.height * devicePixelRatio)
    clear(context, view.screen, devicePixelRatio)
    if (picture && picture !== 'failed') paintImage(context, picture.source, view)
    paintMarks(context, shown, view, 'room')
  }, [view, picture, shown])

  const move = (event: PointerEvent<HTMLDivElement>) => {
    const at = placeOn(event)
    if (drag.current) {
      const { x, y } = drag.current
      setView((was) => pannedBy(was, at.x - x, at.y - y))
      drag.current = at
    } else onHover?.(markAt(marks, view, at))
  }
  return (
    <div
      ref={stage}
      className={classes.stage}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = placeOn(event)
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null
      }}
      onPointerLeave={() => onHover?.(null)}
      onDoubleClick={() => setView((was) => fitted(was.image, was.screen))}
    >
      <canvas ref={canvas} aria-hidden />
      {picture === 'failed' && (
        <p role="alert" className={classes.failed}>
          {failed}
        </p>
      )}
    </div>
  )
}

type Ref<T> = { readonly current: T | null }

function useView(width: number, height: number, stage: Ref<HTMLDivElement>) {
  const [view, setView] = useState<Viewport>(() => fitted({ width, height }, { width: 0, height: 0 }))
  useEffect(() => {
    const element = stage.current
    if (!element) return
    setView((was) => fitted({ width, height }, was.screen))
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setView((was) => screenSet(was, entry.contentRect))
    })
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const place = placeOn(event)
      setView((was) => afterWheel(was, event, place))
    }
    observer.observe(element)
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      observer.disconnect()
      element.removeEventListener('wheel', onWheel)
    }
  }, [stage, width, height])
  return [view, setView] as const
}

const screenSet = (view: Viewport, screen: Size): Viewport =>
  view.screen.width === 0 ? fitted(view.image, screen) : resizedScreen(view, screen)

/** Screen pixels around an outline that count as on it. */
const REACH = 5

/** The smallest mark under a place of the screen, outlines before interiors. */
function markAt(marks: readonly Mark[], view: Viewport, at: Point): string | null {
  const size = ({ box }: Mark) => (box[2] - box[0]) * (box[3] - box[1])
  const point = toImage(view, at)
  const near = marks.filter((mark) => screenDistance(view, mark, at) <= REACH)
  const under = near.length > 0 ? near : marks.filter((mark) => isOn(mark, point))
  return [...under].sort((a, b) => size(a) - size(b))[0]?.key ?? null
}
