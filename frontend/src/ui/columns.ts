import type { ReactNode } from 'react'
import { count, points } from './format'
import type { Column } from './Table'

type Value = number | null

/** A column of numbers that sort by what they show. */
export function numberColumn<Row>(
  key: string,
  head: ReactNode,
  width: number,
  value: (row: Row) => Value,
  cell: (row: Row) => ReactNode,
): Column<Row> {
  return { key, head, numeric: true, width, sort: value, cell }
}

/** Shares of one, shown in points of a hundred. */
export const pointsColumn = <Key extends string>(key: Key, head: ReactNode): Column<Record<Key, Value>> =>
  numberColumn(
    key,
    head,
    78,
    (row) => row[key],
    (row) => points(row[key]),
  )

export const countColumn = <Key extends string>(key: Key, head: ReactNode): Column<Record<Key, number>> =>
  numberColumn(
    key,
    head,
    78,
    (row) => row[key],
    (row) => count(row[key]),
  )
