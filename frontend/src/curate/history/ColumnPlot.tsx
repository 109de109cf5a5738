import { useTranslation } from 'react-i18next'
import type { ProjectEvaluation } from '../../api/types'
import { bounds, dateTime, points } from '../../ui/format'
import { isKnown } from '../../ui/interval'
import { PathLink } from '../../ui/PathLink'
import { ticks } from '../../ui/ticks'
import classes from './History.module.css'
import { type Column, figureOf, type Panel, at as place, type Scale } from './panels'
import { ancestor, keyOf, type Row } from './rows'
import { ROW_HEIGHT } from './Tree'
import type { HistorySearch } from './useHistorySearch'

type Props = {
  rows: Row[]
  panel: Panel
  column: Column
  broken: boolean
  scale: Scale | null
  search: HistorySearch
  active: string | null
  setActive: (key: string | null) => void
  chosen: number[]
}
type Placed = { row: Row; index: number; one: ProjectEvaluation; value: number }

/** The points of one column: each with its interval as a whisker, joined to the point of what its run goes on from. */
export function ColumnPlot(props: Props) {
  const { rows, column, broken, scale, search, active } = props
  const height = rows.length * ROW_HEIGHT
  const placed = placedIn(column, rows, search)
  const newest = new Map(placed.map((one) => [one.row.key, one]).reverse() as [string, Placed][])
  const byKey = new Map(rows.map((row) => [row.key, row]))
  const percent = (value: number) => `${scale ? place(value, scale) : 0}%`
  const at = rows.findIndex(({ key }) => key === active)
  return (
    <div className={classes.column} data-broken={broken || undefined}>
      {at >= 0 && <div className={classes.band} style={{ top: at * ROW_HEIGHT, height: ROW_HEIGHT }} />}
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: what it holds are links, each with a name of its own */}
      <svg width="100%" height={height}>
        {scale &&
          ticks(scale.low, scale.high, 4).map((tick) => (
            <line
              key={tick}
              className={classes.tick}
              x1={percent(tick)}
              x2={percent(tick)}
              y1={0}
              y2={height}
            />
          ))}
        {[...newest.values()].map((one) => {
          const from = ancestor(one.row, byKey, ({ key }) => newest.has(key))
          const before = from && newest.get(from.key)
          return before && !isUntested(one.one) && !isUntested(before.one) ? (
            <line
              key={one.row.key}
              className={classes.join}
              x1={percent(before.value)}
              y1={middle(before.index)}
              x2={percent(one.value)}
              y2={middle(one.index)}
            />
          ) : null
        })}
        {scale && placed.map((one) => <Point key={one.one.id} {...props} {...one} scale={scale} />).reverse()}
      </svg>
      <div className={classes.axis} aria-hidden>
        {scale &&
          ticks(scale.low, scale.high, 4).map((tick) => (
            <span key={tick} style={{ left: percent(tick) }}>
              {points(tick)}
            </span>
          ))}
      </div>
    </div>
  )
}

const middle = (row: number) => ROW_HEIGHT * (row + 0.5)

/** Judged, at least in part, on what its weights were trained on. */
export const isUntested = (one: ProjectEvaluation) => one.on_training_images > 0

function placedIn(column: Column, rows: Row[], { figure, class: ofClass }: HistorySearch): Placed[] {
  const places = new Map(rows.map((row, index) => [row.key, { row, index }]))
  return column.evaluations.flatMap((one) => {
    const found = places.get(keyOf(one))
    const { value } = figureOf(one, figure, ofClass)
    return found && value !== null ? [{ ...found, one, value }] : []
  })
}

function Point({ row, index, one, value, panel, scale, search, active, setActive, chosen }: Props & Placed) {
  const { t } = useTranslation('curate/history')
  const { interval } = figureOf(one, search.figure, search.class)
  const y = middle(index)
  const x = (where: number) => `${place(where, scale!)}%`
  const untested = isUntested(one)
  const words = [
    `${row.name}: ${t(`figures.${search.figure}`)} ${points(value)}${isKnown(interval) ? ` ${bounds(value, interval)}` : ''}`,
    `${panel.names.join(', ') || t('someImages')} · ${t('labelsAt', { revisions: `r${one.revision}` })}`,
    ...(one.checkpoint && one.checkpoint.kind === 'last' ? [one.checkpoint.name] : []),
    ...(untested ? [t('untested', { n: one.on_training_images, of: one.counts?.images ?? 0 })] : []),
    dateTime(one.created_at),
  ]
  return (
    <PathLink
      href={`/evaluations/${one.id}`}
      className={classes.point}
      aria-label={words.join(', ')}
      data-untested={untested || undefined}
      data-chosen={chosen.includes(one.id) || undefined}
      data-active={row.key === active || undefined}
      onMouseEnter={() => setActive(row.key)}
      onMouseLeave={() => setActive(null)}
      onFocus={() => setActive(row.key)}
      onBlur={() => setActive(null)}
    >
      <title>{words.join('\n')}</title>
      {isKnown(interval) && (
        <>
          <rect
            className={classes.reach}
            x={x(interval.low)}
            y={y - 12}
            width={`${place(interval.high, scale!) - place(interval.low, scale!)}%`}
            height={24}
          />
          <line className={classes.whisker} x1={x(interval.low)} x2={x(interval.high)} y1={y} y2={y} />
          <line className={classes.whisker} x1={x(interval.low)} x2={x(interval.low)} y1={y - 4} y2={y + 4} />
          <line
            className={classes.whisker}
            x1={x(interval.high)}
            x2={x(interval.high)}
            y1={y - 4}
            y2={y + 4}
          />
        </>
      )}
      <svg x={x(value)} y={y} overflow="visible" aria-hidden="true">
        {row.run?.control_of ? (
          <rect className={classes.mark} x={-5} y={-5} width={10} height={10} transform="rotate(45)" />
        ) : (
          <circle className={classes.mark} r={5.5} />
        )}
        <text className={classes.number} y={-11} textAnchor="middle">
          {points(value)}
          {untested ? ` ${t('notATestShort')}` : ''}
        </text>
      </svg>
    </PathLink>
  )
}
