import { type PointerEvent, useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { clear, paintImage } from '../../canvas/paint'
import { afterWheel, placeOn } from '../../canvas/pointer'
import type { Picture } from '../../canvas/usePicture'
import type { Viewport } from '../../canvas/viewport'
import { widen } from './actions/shapes'
import type { Editor } from './editor'
import { pixelsOf } from './pixels'
import { type Classes, drawLive, drawStill, stillParts } from './render'
import classes from './Stage.module.css'
import { GAMMA_FILTER, gammaExponent, toneFilter } from './tone'
import { boxesUnder } from './tools/hit'
import type { PointerInput } from './tools/tool'
import { useEditor } from './useEditor'
import { mayWait, STANDS_STILL, transformBetween } from './waiting'

type Props = { editor: Editor; named: Classes; picture: Picture; openClasses: () => void }

/** The canvas: hands pointer events to the editor and draws a frame when something changed. Nothing else. */
export function Stage({ editor, named, picture, openClasses }: Props) {
  const { t } = useTranslation('label')
  const stage = useRef<HTMLDivElement>(null)
  const below = useRef<HTMLCanvasElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const above = useRef<HTMLCanvasElement>(null)
  useScreen(editor, stage)
  useWheel(editor, stage)
  usePixels(editor, picture)
  usePainting(editor, named, picture, { below, still, above })
  const look = useEditor(editor, (state) => state.look)

  const move = (event: PointerEvent<HTMLDivElement>) => {
    const at = inputOf(event)
    editor.pointerMove(at)
    event.currentTarget.style.cursor = editor.tool.cursor(at)
  }
  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button > 1) return
    event.currentTarget.setPointerCapture(event.pointerId)
    editor.pointerDown(inputOf(event), event.button === 1)
    event.currentTarget.style.cursor = editor.tool.cursor(inputOf(event))
  }
  const menu = (event: React.MouseEvent<HTMLDivElement>) => {
    event.preventDefault()
    const [box] = boxesUnder(editor, { ...placeOn(event), shift: false, alt: false, coarse: false })
    if (!box) return
    if (!editor.selection.includes(box.id)) editor.select([box.id])
    openClasses()
  }
  return (
    <div
      ref={stage}
      className={classes.stage}
      role="application"
      aria-label={t('stage')}
      aria-describedby="objects"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes keys; its objects are listed beside it
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={(event) => event.button <= 1 && editor.pointerUp(inputOf(event))}
      onPointerCancel={() => editor.cancel()}
      onPointerLeave={() => editor.pointerLeave()}
      onContextMenu={menu}
    >
      <Gamma exponent={gammaExponent(look)} />
      <canvas ref={below} aria-hidden style={{ filter: toneFilter(look) }} />
      <canvas ref={still} aria-hidden />
      <canvas ref={above} aria-hidden />
      {picture === 'failed' && (
        <p role="alert" className={classes.failed}>
          {t('pictureFailed')}
        </p>
      )}
    </div>
  )
}

function Gamma({ exponent }: { exponent: number }) {
  return (
    <svg aria-hidden width={0} height={0} style={{ position: 'absolute' }}>
      <filter id={GAMMA_FILTER} colorInterpolationFilters="sRGB">
        <feComponentTransfer>
          <feFuncR type="gamma" exponent={exponent} />
          <feFuncG type="gamma" exponent={exponent} />
          <feFuncB type="gamma" exponent={exponent} />
        </feComponentTransfer>
      </filter>
    </svg>
  )
}

/** A sharp picture can be snapped to. */
function usePixels(editor: Editor, picture: Picture): void {
  useEffect(() => {
    const sharp = picture && picture !== 'failed' && picture.sharp ? picture.source : null
    editor.setPixels(sharp && pixelsOf(sharp, editor.image))
  }, [editor, picture])
}

function inputOf(event: PointerEvent<HTMLDivElement>): PointerInput {
  return {
    ...placeOn(event),
    shift: event.shiftKey,
    alt: event.altKey,
    coarse: event.pointerType === 'touch',
    free: event.ctrlKey || event.metaKey,
  }
}

type Ref<T> = { readonly current: T | null }

function useScreen(editor: Editor, stage: Ref<HTMLDivElement>): void {
  useEffect(() => {
    if (!stage.current) return
    const observer = new ResizeObserver(([entry]) => entry && editor.setScreen(entry.contentRect))
    observer.observe(stage.current)
    return () => observer.disconnect()
  }, [editor, stage])
}

/** React listens for the wheel passively; zooming must keep the page from scrolling. */
function useWheel(editor: Editor, stage: Ref<HTMLDivElement>): void {
  useEffect(() => {
    const element = stage.current
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      const { tool } = editor.state
      if (event.altKey && (tool === 'brush' || tool === 'erase'))
        widen(editor, event.deltaY < 0 ? 1.1 : 1 / 1.1)
      else editor.setViewport(afterWheel(editor.viewport, event, placeOn(event)))
    }
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [editor, stage])
}

type Layers = Record<'below' | 'still' | 'above', Ref<HTMLCanvasElement>>

/** At most one frame per refresh of the display; each layer only when something of it changed. */
function usePainting(editor: Editor, named: Classes, picture: Picture, layers: Layers): void {
  const frame = useRef(0)
  const { below, still, above } = layers
  const timer = useRef(0)
  const settled = useRef(false)
  const painted = useRef<{ viewport: unknown; still: readonly unknown[] }>(UNPAINTED)
  const paint = useCallback(() => {
    frame.current = 0
    const source = picture && picture !== 'failed' ? picture.source : null
    const { viewport } = editor
    const contexts = [below, still, above].map((layer) => fitted(layer.current, viewport.screen))
    const [under, middle, over] = contexts
    if (!under || !middle || !over) return
    if (painted.current.viewport !== viewport) {
      clear(under, viewport.screen, devicePixelRatio)
      if (source) paintImage(under, source, viewport)
    }
    const parts = stillParts(editor)
    const waits = !settled.current && mayWait(editor, painted.current.still, parts)
    if (waits) {
      middle.canvas.style.transform = transformBetween(painted.current.still[0] as Viewport, viewport)
      clearTimeout(timer.current)
      timer.current = window.setTimeout(() => {
        settled.current = true
        paint()
      }, STANDS_STILL)
    } else {
      middle.canvas.style.transform = ''
      if (!sameParts(painted.current.still, parts)) drawStill(middle, editor, named, devicePixelRatio)
    }
    settled.current = false
    painted.current = { viewport, still: waits ? painted.current.still : parts }
    drawLive(over, editor, named, source, devicePixelRatio)
  }, [editor, named, picture, below, still, above])
  useEffect(() => {
    painted.current = UNPAINTED
    const soon = () => {
      if (frame.current === 0) frame.current = requestAnimationFrame(paint)
    }
    soon()
    const stop = editor.subscribe(soon)
    return () => {
      stop()
      cancelAnimationFrame(frame.current)
      clearTimeout(timer.current)
      frame.current = 0
    }
  }, [editor, paint])
}

const UNPAINTED = { viewport: null, still: [] }

const sameParts = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((part, at) => part === b[at])

/** The canvas's context, its buffer as large as the screen asks for. */
function fitted(canvas: HTMLCanvasElement | null, screen: { width: number; height: number }) {
  if (!canvas || screen.width === 0) return null
  const width = Math.round(screen.width * devicePixelRatio)
  const height = Math.round(screen.height * devicePixelRatio)
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  return canvas.getContext('2d')
}
