import { CHROME, type Scheme } from '../../ui/colours'
import { points } from '../../ui/format'
import { isKnown } from '../../ui/interval'
import { ticks } from '../../ui/ticks'
import { at, type FigureKey, figureOf, type Panel, type Scale, scaleOf } from './panels'
import { keyOf, type Row } from './rows'

const ROW = 40
const HEAD = 48
const FOOT = 26
const LEFT = 290
const COLUMN = 190
const AIR = 22

export type Drawn = {
  rows: Row[]
  panels: Panel[]
  figure: FigureKey
  ofClass: string | null
  scheme: Scheme
  /** What stands above a column, line by line. */
  head: (panel: Panel, column: Panel['columns'][number], at: number) => [string, string]
}

/** The points of all columns beside the runs' names as a PNG, twice as sharp as a screen needs. */
export function picture(drawn: Drawn): Promise<Blob | null> {
  const { rows, panels, scheme } = drawn
  const columns = panels.flatMap((panel) => panel.columns.map((column, place) => ({ panel, column, place })))
  const canvas = document.createElement('canvas')
  const [width, height] = [LEFT + COLUMN * columns.length, HEAD + ROW * rows.length + FOOT]
  canvas.width = 2 * width
  canvas.height = 2 * height
  const pen = canvas.getContext('2d')
  if (!pen) return Promise.resolve(null)
  const ink = CHROME[scheme]
  pen.scale(2, 2)
  pen.fillStyle = ink.panel
  pen.fillRect(0, 0, width, height)
  pen.textBaseline = 'middle'
  rows.forEach((row, index) => {
    write(pen, row.name, 12, middle(index), ink.text, 'left', LEFT - 24)
  })
  columns.forEach(({ panel, column, place }, index) => {
    const left = LEFT + COLUMN * index
    rule(pen, left, 0, left, height, ink.line, place > 0)
    const [first, second] = drawn.head(panel, column, place)
    write(pen, first, left + 10, 16, ink.text, 'left', COLUMN - 20)
    write(pen, second, left + 10, 33, ink.dim, 'left', COLUMN - 20)
    const values = panel.columns.flatMap((one) => one.evaluations)
    const scale = scaleOf(values.map((one) => figureOf(one, drawn.figure, drawn.ofClass)))
    if (scale) drawColumn(pen, drawn, column.evaluations, scale, left, height)
  })
  return new Promise((resolve) => canvas.toBlob(resolve))
}

const middle = (row: number) => HEAD + ROW * (row + 0.5)

function drawColumn(
  pen: CanvasRenderingContext2D,
  { rows, figure, ofClass, scheme }: Drawn,
  evaluations: Panel['columns'][number]['evaluations'],
  scale: Scale,
  left: number,
  height: number,
) {
  const ink = CHROME[scheme]
  const x = (value: number) => left + AIR + ((COLUMN - 2 * AIR) * at(value, scale)) / 100
  for (const tick of ticks(scale.low, scale.high, 4)) {
    rule(pen, x(tick), HEAD, x(tick), height - FOOT, ink.line)
    write(pen, points(tick), x(tick), height - FOOT / 2, ink.faint, 'center')
  }
  for (const one of evaluations) {
    const index = rows.findIndex(({ key }) => key === keyOf(one))
    const { value, interval } = figureOf(one, figure, ofClass)
    if (index < 0 || value === null) continue
    const isTest = one.on_training_images === 0
    if (isKnown(interval))
      rule(pen, x(interval.low), middle(index), x(interval.high), middle(index), ink.dim, !isTest)
    pen.beginPath()
    pen.arc(x(value), middle(index), 4.5, 0, 2 * Math.PI)
    pen.fillStyle = isTest ? ink.text : ink.panel
    pen.strokeStyle = ink.text
    pen.fill()
    pen.stroke()
    write(pen, points(value), x(value), middle(index) - 12, ink.dim, 'center')
  }
}

function write(
  pen: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  colour: string,
  align: CanvasTextAlign,
  room?: number,
) {
  pen.font = '12px "Inter Variable", sans-serif'
  pen.fillStyle = colour
  pen.textAlign = align
  pen.fillText(text, x, y, room)
}

function rule(
  pen: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string,
  broken = false,
) {
  pen.setLineDash(broken ? [3, 3] : [])
  pen.strokeStyle = colour
  pen.beginPath()
  pen.moveTo(x1, y1)
  pen.lineTo(x2, y2)
  pen.stroke()
  pen.setLineDash([])
}
