import { Skeleton } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { compareNames } from './names'
import classes from './Table.module.css'

export type Column<Row> = {
  key: string
  head: ReactNode
  cell: (row: Row) => ReactNode
  /** Numbers stand at the right, in tabular figures. */
  numeric?: boolean
  width?: number | string
  /** Value to sort by; a column without one does not sort. */
  sort?: (row: Row) => number | string | null
}

type Props<Row> = {
  label: string
  columns: Column<Row>[]
  /** Undefined while loading: skeleton rows keep the place. */
  rows: Row[] | undefined
  rowKey: (row: Row) => string | number
  /** Enter or a click on the row. */
  onOpen?: (row: Row) => void
  isMarked?: (row: Row) => boolean
  /** Stands below the head when there is no row. */
  empty?: ReactNode
  initialSort?: { key: string; descending: boolean }
}

/** A dense table: arrow keys walk the rows, Enter opens, heads sort. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  onOpen,
  isMarked,
  empty,
  initialSort,
}: Props<Row>) {
  const { t } = useTranslation('ui')
  const [sort, setSort] = useState(initialSort ?? null)
  const body = useRef<HTMLTableSectionElement>(null)
  const shown =
    rows && sorted(rows, columns.find(({ key }) => key === sort?.key)?.sort, sort?.descending ?? false)
  const toggle = (key: string) =>
    setSort((was) => (was?.key === key ? { key, descending: !was.descending } : { key, descending: true }))
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={{ width: column.width }}
                data-numeric={column.numeric || undefined}
                aria-sort={
                  sort?.key === column.key ? (sort.descending ? 'descending' : 'ascending') : undefined
                }
              >
                {column.sort ? (
                  <button type="button" className={classes.sort} onClick={() => toggle(column.key)}>
                    {column.head}
                  </button>
                ) : (
                  column.head || <span className="hd-hidden">{t('withoutHead')}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={(event) => walk(event, body.current)}>
          {shown
            ? shown.map((row, index) => (
                <tr
                  key={rowKey(row)}
                  tabIndex={onOpen ? (index === 0 ? 0 : -1) : undefined}
                  data-open={onOpen ? true : undefined}
                  data-marked={isMarked?.(row) || undefined}
                  onClick={onOpen && ((event) => isPlain(event.target) && onOpen(row))}
                  onKeyDown={
                    onOpen &&
                    ((event) => event.key === 'Enter' && event.target === event.currentTarget && onOpen(row))
                  }
                >
                  {columns.map((column) => (
                    <td key={column.key} data-numeric={column.numeric || undefined}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))
            : [0, 1, 2, 3, 4].map((line) => (
                <tr key={line} aria-hidden>
                  {columns.map((column, at) => (
                    <td key={column.key}>
                      <Skeleton height={10} width={at === 0 ? `${70 - line * 7}%` : '50%'} />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
      {shown?.length === 0 && empty && <div className={classes.empty}>{empty}</div>}
    </div>
  )
}

/** Rows by a column's value; rows without a value come last whichever way. */
export function sorted<Row>(rows: Row[], by: Column<Row>['sort'], descending: boolean): Row[] {
  if (!by) return rows
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    if (typeof x === 'string' && typeof y === 'string') return sign * compareNames(x, y)
    return x < y ? -sign : x > y ? sign : 0
  })
}

/** A click on a link or a button in the row is theirs. */
function isPlain(target: EventTarget): boolean {
  return (target as HTMLElement).closest('a, button, input, label') === null
}

function walk(event: KeyboardEvent, body: HTMLElement | null): void {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key]
  if (!step || !body) return
  const rows = [...body.querySelectorAll<HTMLElement>('tr[tabindex]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = rows[at + step]
  if (at < 0 || !next) return
  event.preventDefault()
  for (const row of rows) row.tabIndex = row === next ? 0 : -1
  next.focus()
}
