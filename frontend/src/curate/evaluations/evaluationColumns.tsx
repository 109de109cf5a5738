import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Evaluation } from '../../api/types'
import { numberColumn } from '../../ui/columns'
import { Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import type { Column } from '../../ui/Table'
import { Time } from '../../ui/Time'

/** What every table of evaluations knows of a row. */
type Row = Pick<
  Evaluation,
  'id' | 'name' | 'prediction_set' | 'counts' | 'figures' | 'interval' | 'interval50' | 'state' | 'created_at'
>

/** What was judged: the run, or the predictions that no run of ours made. */
export const judgedName = ({ prediction_set: set }: Row): string => set.run?.name ?? set.name

type Ticking = { chosen: readonly number[]; toggle: (id: number) => void; disabled?: (row: Row) => boolean }

export const tickColumn = (
  head: string,
  label: (row: Row) => string,
  { chosen, toggle, disabled }: Ticking,
): Column<Row> => ({
  key: 'choose',
  head: <span className="hd-hidden">{head}</span>,
  width: 30,
  cell: (row) => (
    <Checkbox
      size="xs"
      aria-label={label(row)}
      checked={chosen.includes(row.id)}
      disabled={disabled?.(row)}
      onChange={() => toggle(row.id)}
    />
  ),
})

export const judgedColumn = (head: string): Column<Row> => ({
  key: 'name',
  head,
  sort: judgedName,
  cell: (row) => <PathLink href={`/evaluations/${row.id}`}>{judgedName(row)}</PathLink>,
})

export const imagesColumn = (head: string): Column<Row> =>
  numberColumn(
    'images',
    head,
    80,
    (row) => row.counts?.images ?? null,
    (row) => (row.counts ? count(row.counts.images) : '–'),
  )

/** Both averages with their intervals; of one that is not done, how far it is. */
export const averagesColumns = (ap: ReactNode, ap50: ReactNode): Column<Row>[] => [
  numberColumn(
    'AP',
    ap,
    142,
    (row) => row.figures?.AP ?? null,
    (row) =>
      row.figures ? (
        <Figure value={row.figures.AP} interval={row.interval} />
      ) : (
        <StateMark state={row.state} />
      ),
  ),
  numberColumn(
    'AP50',
    ap50,
    142,
    (row) => row.figures?.AP50 ?? null,
    (row) => <Figure value={row.figures?.AP50} interval={row.interval50} />,
  ),
]

export const madeColumn = (head: string): Column<Row> => ({
  key: 'at',
  head,
  width: 130,
  sort: (row) => row.created_at,
  cell: (row) => <Time at={row.created_at} />,
})
