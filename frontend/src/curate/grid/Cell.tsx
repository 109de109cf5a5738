import { type CSSProperties, memo, useEffect, useMemo, useRef } from 'react'
import type { DatasetClass, ImageRow, RowBox } from '../../api/types'
import type { Mark } from '../../canvas/marks'
import { clear, paintMarks } from '../../canvas/paint'
import { boxesInWords, rowMarks } from '../../canvas/rowMarks'
import type { Viewport } from '../../canvas/viewport'
import { LETTER } from '../../ui/colours'
import classes from './Cell.module.css'
import { CellFrame } from './CellFrame'
import type { CellProps } from './cellProps'
import { later } from './later'
import { thumbnailFor } from './layout'

type Props = CellProps & { image: ImageRow; named: ReadonlyMap<number, DatasetClass> }

/** One image of the grid: thumbnail, boxes above it, names while the pointer is on it. */
export const Cell = memo(function Cell({ image, named, ...place }: Props) {
  const { width, height } = place
  const words = boxesInWords(image.boxes ?? [], named)
  return (
    <CellFrame {...place} label={words ? `${image.key}, ${words}` : image.key}>
      {(hovered) => (
        <>
          <Thumbnail address={thumbnailFor(image.thumb, width * devicePixelRatio)} />
          <Boxes image={image} width={width} height={height} names={hovered} named={named} />
          {hovered && (
            <span className={classes.key} aria-hidden>
              {image.key}
            </span>
          )}
        </>
      )}
    </CellFrame>
  )
})

/** Taken out of the page, a picture that is still on its way is no longer wanted. */
export function Thumbnail({ address, place }: { address: string; place?: CSSProperties }) {
  const picture = useRef<HTMLImageElement>(null)
  useEffect(() => {
    const element = picture.current
    return () => {
      if (element && !element.complete) element.src = ''
    }
  }, [])
  return (
    <img
      ref={picture}
      src={address}
      alt=""
      draggable={false}
      decoding="async"
      className={place ? classes.placed : classes.picture}
      style={place}
    />
  )
}

type BoxesProps = Pick<Props, 'image' | 'width' | 'height' | 'named'> & { names: boolean }

function Boxes({ image, width, height, names, named }: BoxesProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const marks = useMemo(() => rowMarks(image.boxes ?? [], named), [image.boxes, named])
  useEffect(() => {
    return later(() => {
      const context = canvas.current?.getContext('2d')
      if (!canvas.current || !context) return
      canvas.current.width = Math.round(width * devicePixelRatio)
      canvas.current.height = Math.round(height * devicePixelRatio)
      const view = contained(image, { width, height })
      clear(context, view.screen, devicePixelRatio)
      paintMarks(context, names ? marks : lettered(image.boxes ?? [], marks), view, names ? 'all' : 'room')
    })
  }, [marks, width, height, names, image])
  return marks.length > 0 ? <canvas ref={canvas} className={classes.boxes} aria-hidden /> : null
}

/** Without the pointer on it, a box says its verdict by a letter only, and nothing where it has none. */
function lettered(boxes: readonly RowBox[], marks: readonly Mark[]): Mark[] {
  return marks.map((mark, at) => {
    const verdict = boxes[at]?.verdict
    return { ...mark, name: verdict ? LETTER[verdict] : '' }
  })
}

/** Where `object-fit: contain` puts the image in a cell. */
function contained(image: ImageRow, screen: Viewport['screen']): Viewport {
  const scale = Math.min(screen.width / image.width, screen.height / image.height)
  const x = (screen.width - image.width * scale) / 2
  const y = (screen.height - image.height * scale) / 2
  return { image, screen, scale, x, y }
}

export function EmptyCell({ width, height }: { width: number; height: number }) {
  return <div className={classes.waiting} style={{ width, height }} />
}
