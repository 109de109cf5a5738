import classes from './History.module.css'
import type { Row } from './rows'

export const ROW_HEIGHT = 58
const LANE = 15
const RADIUS = 4.5

export const treeWidth = (lanes: Map<string, number>) =>
  14 + LANE * Math.max(0, ...lanes.values()) + RADIUS + 8
const x = (lane: number) => 12 + LANE * lane
const y = (row: number) => ROW_HEIGHT * (row + 0.5)

type Props = { rows: Row[]; lanes: Map<string, number>; active: string | null }

/** The tree beside the rows: an edge from what a run goes on from, none where there is nothing before it. */
export function Tree({ rows, lanes, active }: Props) {
  const laneOf = (key: string) => lanes.get(key) ?? 0
  const places = new Map(rows.map((row, at) => [row.key, at]))
  return (
    <svg
      className={classes.tree}
      width={treeWidth(lanes)}
      height={rows.length * ROW_HEIGHT}
      aria-hidden="true"
    >
      {rows.map((row, at) => {
        const from = row.parent === null ? undefined : places.get(row.parent)
        return from === undefined ? null : (
          <path
            key={row.key}
            className={classes.edge}
            data-active={row.key === active || undefined}
            d={edge(laneOf(row.parent!), from, laneOf(row.key), at)}
          />
        )
      })}
      {rows.map((row, at) => (
        <g key={row.key} data-active={row.key === active || undefined}>
          <Node row={row} cx={x(laneOf(row.key))} cy={y(at)} />
        </g>
      ))}
    </svg>
  )
}

/** A run is a dot, a control a diamond, weights that were brought a square, predictions from elsewhere a ring. */
function Node({ row, cx, cy }: { row: Row; cx: number; cy: number }) {
  const shape = row.kind === 'checkpoint' ? 'square' : row.run?.control_of ? 'diamond' : 'dot'
  if (shape === 'dot')
    return (
      <circle
        className={classes.node}
        cx={cx}
        cy={cy}
        r={RADIUS}
        data-hollow={row.kind === 'set' || undefined}
      />
    )
  return (
    <rect
      className={classes.node}
      x={cx - 4}
      y={cy - 4}
      width={8}
      height={8}
      transform={shape === 'diamond' ? `rotate(45 ${cx} ${cy})` : undefined}
      data-hollow={shape === 'square' || undefined}
    />
  )
}

/** Out of the parent to the heir's lane at once, then down. */
function edge(lane: number, from: number, toLane: number, to: number): string {
  const [x1, y1, x2, y2] = [x(lane), y(from), x(toLane), y(to)]
  if (lane === toLane) return `M ${x1} ${y1} V ${y2}`
  const bend = y1 + ROW_HEIGHT * 0.6
  return `M ${x1} ${y1} C ${x1} ${bend}, ${x2} ${y1 + 4}, ${x2} ${bend} V ${y2}`
}
