import type { Box } from '../api/types'
import classes from './BoxedImage.module.css'
import { inkOn } from './colours'

export type DrawnBox = {
  key: string | number
  box: Box
  /** `d` of a path in the same pixels, inside by the even-odd rule: drawn instead of the box. */
  outline?: string | undefined
  colour: string
  /** Ground truth is solid, a prediction dashed, a suggestion dotted. */
  line?: 'solid' | 'dashed' | 'dotted'
  label?: string
  /** Neither object nor background: slanted lines, as on the canvas. */
  hatched?: boolean
}

type Props = {
  src: string
  /** Size of the full image in pixels: the ground of the boxes' numbers. */
  width: number
  height: number
  boxes: DrawnBox[]
  alt: string
  /** Part of the image to show, in the same pixels; the whole image if left out. */
  view?: Box
  /** Shown height over width; the image's own if left out. */
  aspect?: number
  /** What `src` shows, where that is a part of the image only; the whole image if left out. */
  covers?: Box
  /** Height of the labels, in hundredths of the longer side that is shown: a small picture needs large ones. */
  lettering?: number
  lazy?: boolean
}

/** How much of its colour lies within a shape. */
const FILL = 0.16
const MOST_LINES = 200
const DASH = { solid: undefined, dashed: '5 3', dotted: '1.5 2.5' }

/** A picture with boxes on it, each with a dark halo so that it shows on any ground. */
export function BoxedImage({
  src,
  width,
  height,
  boxes,
  alt,
  view,
  aspect,
  covers,
  lettering = 5,
  lazy = true,
}: Props) {
  const [x1, y1, x2, y2] = view ?? [0, 0, width, height]
  const [w, h] = [x2 - x1, y2 - y1]
  const [left, top, right, bottom] = covers ?? [0, 0, width, height]
  return (
    <div className={classes.frame} style={{ aspectRatio: aspect ? 1 / aspect : w / h }}>
      <svg
        viewBox={`${x1} ${y1} ${w} ${h}`}
        role="img"
        aria-label={alt}
        aria-hidden={alt === ''}
        preserveAspectRatio="xMidYMid meet"
      >
        <foreignObject x={left} y={top} width={right - left} height={bottom - top}>
          <img src={src} alt="" loading={lazy ? 'lazy' : undefined} className={classes.image} />
        </foreignObject>
        {boxes.map((drawn) => (
          <Drawn key={drawn.key} drawn={drawn} unit={Math.max(w, h) / 100} lettering={lettering} />
        ))}
      </svg>
    </div>
  )
}

/** @param unit one hundredth of the shown part's longer side, the ground of the label's size */
function Drawn({ drawn, unit, lettering }: { drawn: DrawnBox; unit: number; lettering: number }) {
  const [x1, y1, x2, y2] = drawn.box
  const place = { x: x1, y: y1, width: Math.max(0, x2 - x1), height: Math.max(0, y2 - y1), fill: 'none' }
  const line = {
    className: classes.box,
    stroke: drawn.colour,
    strokeDasharray: DASH[drawn.line ?? 'solid'],
  }
  const size = unit * lettering
  const inside = y1 < size * 1.3
  return (
    <g>
      {drawn.hatched && <Hatch box={drawn.box} unit={unit} colour={drawn.colour} />}
      {drawn.outline === undefined ? (
        <rect {...place} className={classes.halo} />
      ) : (
        <path
          d={drawn.outline}
          fill={drawn.colour}
          fillOpacity={FILL}
          fillRule="evenodd"
          className={classes.halo}
        />
      )}
      {drawn.outline === undefined ? (
        <rect {...place} {...line} />
      ) : (
        <path d={drawn.outline} fill="none" {...line} />
      )}
      {drawn.label && (
        <text
          x={x1 + size * 0.2}
          y={inside ? y1 + size : y1 - size * 0.3}
          fontSize={size}
          fill={drawn.colour}
          stroke={inkOn(drawn.colour) === '#000000' ? '#000' : '#fff'}
          className={classes.label}
        >
          {drawn.label}
        </text>
      )}
    </g>
  )
}

/** Slanted lines from the lower left to the upper right, cut to the box. */
function Hatch({ box: [x1, y1, x2, y2], unit, colour }: { box: Box; unit: number; colour: string }) {
  const step = Math.max(unit * 4, (x2 - x1 + y2 - y1) / MOST_LINES)
  const lines: string[] = []
  for (let at = step; at < x2 - x1 + y2 - y1; at += step) {
    const start = [x1 + Math.max(0, at - (y2 - y1)), Math.min(y2, y1 + at)]
    const end = [Math.min(x2, x1 + at), y1 + Math.max(0, at - (x2 - x1))]
    lines.push(`M${start.join(' ')}L${end.join(' ')}`)
  }
  return (
    <path d={lines.join('')} data-hatched className={classes.hatch} stroke={colour} fill="none" aria-hidden />
  )
}
