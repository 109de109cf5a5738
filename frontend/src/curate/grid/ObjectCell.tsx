import { memo, useEffect, useMemo, useRef } from 'react'
import type { DatasetClass, ObjectRow } from '../../api/types'
import { clear, paintMarks } from '../../canvas/paint'
import { rowMarks } from '../../canvas/rowMarks'
import { LETTER, ON_IMAGE } from '../../ui/colours'
import { number } from '../../ui/format'
import { Thumbnail } from './Cell'
import classes from './Cell.module.css'
import { CellFrame } from './CellFrame'
import type { CellProps } from './cellProps'
import { cropAddress, placed, sourceOf } from './crop'
import { later } from './later'
import { thumbnailFor } from './layout'

type Props = CellProps & { object: ObjectRow; named: ReadonlyMap<number, DatasetClass> }

/** One object of the grid: the part of its image around the box, the box itself, its class and size. */
export const ObjectCell = memo(function ObjectCell({ object, named, ...place }: Props) {
  const { width, height } = place
  const name = named.get(object.class_id)?.name ?? `#${object.class_id}`
  const [x1, y1, x2, y2] = object.box
  const size = `${Math.round(x2 - x1)} × ${Math.round(y2 - y1)}`
  const seen = seenAs(object, named)
  const letter = object.verdict ? `${LETTER[object.verdict]} ` : ''
  return (
    <CellFrame {...place} label={`${letter}${name}${seen}, ${size}, ${object.image.key}`}>
      {(hovered) => (
        <>
          <Crop object={object} width={width} height={height} />
          <Boxes object={object} width={width} height={height} named={named} />
          <span className={classes.caption} aria-hidden>
            {object.verdict && <b style={{ color: ON_IMAGE[object.verdict] }}>{LETTER[object.verdict]}</b>}
            <span className={classes.swatch} style={{ background: named.get(object.class_id)?.colour }} />
            <span className={classes.of}>{hovered ? object.image.key : `${name}${seen}`}</span>
            {(hovered || !object.verdict) && <span className="hd-num">{size}</span>}
          </span>
        </>
      )}
    </CellFrame>
  )
})

/** What the prediction says of it: its score, and its class where that is another one: truck → car 0.71. */
function seenAs(object: ObjectRow, named: Props['named']): string {
  const seen = object.boxes.find(({ kind }) => kind === 'pred')
  if (!seen || seen.score === undefined) return ''
  const other =
    seen.class_id === object.class_id ? '' : ` → ${named.get(seen.class_id)?.name ?? `#${seen.class_id}`}`
  return `${other} ${number(seen.score, 2)}`
}

type CropProps = Pick<Props, 'object' | 'width' | 'height'>

/** The thumbnail of the whole image behind a window where it is sharp enough, or else a cut-out. */
function Crop({ object, width, height }: CropProps) {
  const { image, region } = object
  const source = sourceOf(region, image, Math.max(width, height) * devicePixelRatio)
  if (source.kind === 'crop') return <Thumbnail address={cropAddress(object.crop, source.size)} />
  const view = placed(region, image, { width, height })
  const [x1, y1, x2, y2] = region
  const window = {
    left: view.x + x1 * view.scale,
    top: view.y + y1 * view.scale,
    width: (x2 - x1) * view.scale,
    height: (y2 - y1) * view.scale,
  }
  const whole = {
    left: -x1 * view.scale,
    top: -y1 * view.scale,
    width: image.width * view.scale,
    height: image.height * view.scale,
  }
  return (
    <div className={classes.window} style={window}>
      <Thumbnail address={thumbnailFor(image.thumb, source.size)} place={whole} />
    </div>
  )
}

function Boxes({ object, width, height, named }: CropProps & Pick<Props, 'named'>) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const marks = useMemo(() => rowMarks(object.boxes, named), [object.boxes, named])
  useEffect(() => {
    return later(() => {
      const context = canvas.current?.getContext('2d')
      if (!canvas.current || !context) return
      canvas.current.width = Math.round(width * devicePixelRatio)
      canvas.current.height = Math.round(height * devicePixelRatio)
      const view = placed(object.region, object.image, { width, height })
      clear(context, view.screen, devicePixelRatio)
      paintMarks(context, marks, view, 'none')
    })
  }, [marks, width, height, object])
  return <canvas ref={canvas} className={classes.boxes} aria-hidden />
}
