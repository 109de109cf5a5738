import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { CrossHead, CrossTableData } from '../../api/types'
import { useClasses } from '../../dataset/queries'
import { toCsv } from '../../ui/csv'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { toast, toastProblem } from '../../ui/toast'
import { WalkedTable } from '../../ui/WalkedTable'
import shared from './Analytics.module.css'
import classes from './Cross.module.css'
import { cellOf } from './cross'
import { useFieldWords } from './fieldWords'
import type { ShowCells } from './useAnalyticsSearch'
import { useOpen, useShown } from './useSides'

type Props = { table: CrossTableData; side: number; show: ShowCells; label: string }

/** Images by two properties; shading says where more, or fewer, lie than the margins would have it. Arrow keys walk the cells. */
export function CrossTable({ table, side, show, label }: Props) {
  const { t } = useTranslation('curate/analytics')
  const { filters } = useShown()
  const known = useClasses(filters[side]?.dataset ?? 0)
  const words = useFieldWords()
  const colour = (head: CrossHead) => (head.class_id === null ? undefined : known.get(head.class_id)?.colour)
  const columns = table.columns.map((head) => ({ head, text: words.head(head, table.columns_name) }))
  const long = columns.some(({ text }) => text.length > 7)
  if (!table.images || !table.rows.length || !table.columns.length)
    return <p className={shared.nothing}>{t('nothing')}</p>
  return (
    <div className={classes.scroll}>
      <WalkedTable label={label} className={classes.cross}>
        <thead>
          <tr>
            <td />
            {columns.map(({ head, text }) => (
              <th key={head.q} scope="col" data-long={long || undefined} title={text}>
                <span>{text}</span>
                {colour(head) && <i className={classes.dot} data-top style={{ background: colour(head) }} />}
              </th>
            ))}
            <th scope="col" className={classes.margin}>
              {t('cross.all')}
            </th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={row.q}>
              <th scope="row" title={words.head(row, table.rows_name)}>
                {colour(row) && <i className={classes.dot} data-left style={{ background: colour(row) }} />}
                {words.head(row, table.rows_name)}
              </th>
              {columns.map(({ head, text }, j) => (
                <Cell
                  key={head.q}
                  table={table}
                  at={[i, j]}
                  side={side}
                  show={show}
                  names={[words.head(row, table.rows_name), text]}
                />
              ))}
              <td className={classes.margin}>{count(row.images)}</td>
            </tr>
          ))}
        </tbody>
      </WalkedTable>
    </div>
  )
}

type CellProps = {
  table: CrossTableData
  at: [number, number]
  side: number
  show: ShowCells
  names: [string, string]
}

function Cell({ table, at: [i, j], side, show, names }: CellProps) {
  const { t } = useTranslation('curate/analytics')
  const open = useOpen()
  const cell = cellOf(table, i, j, show)
  const z = table.residuals[i]?.[j]
  const said = z == null ? '' : t('cross.residualIs', { z: z > 0 ? `+${z}` : String(z).replace('-', '−') })
  const label = `${names[0]}, ${names[1]}: ${t('images', { count: cell.count, n: count(cell.count) })}. ${said}`
  return (
    <td>
      <PathLink
        href={open.to(table.q[i]?.[j] ?? '', side)}
        className={classes.cell}
        data-cell={`${names[0]}×${names[1]}`}
        data-tone={cell.tone > 0 ? 'more' : cell.tone < 0 ? 'fewer' : undefined}
        data-self={(table.rows_name === table.columns_name && i === j) || undefined}
        data-empty={cell.count === 0 || undefined}
        style={{ '--tone': Math.abs(cell.tone) } as CSSProperties}
        tabIndex={i === 0 && j === 0 ? 0 : -1}
        title={label}
      >
        <span className="hd-hidden">{label}</span>
        <span aria-hidden>{cell.text}</span>
        {cell.sign && <small aria-hidden>{cell.sign}</small>}
      </PathLink>
    </td>
  )
}

/** Copies a table's numbers as CSV. */
export function CopyTable({ table }: { table: CrossTableData | undefined }) {
  const { t } = useTranslation('ui')
  const words = useFieldWords()
  if (!table) return null
  const copy = () => {
    const head = table.columns.map((one) => words.head(one, table.columns_name))
    const rows = table.rows.map((row, i) => [words.head(row, table.rows_name), ...(table.counts[i] ?? [])])
    const done = () => toast(t('copied'))
    void navigator.clipboard.writeText(toCsv([['', ...head], ...rows])).then(done, toastProblem)
  }
  return (
    <Tooltip label={t('copyCsv')}>
      <ActionIcon size={22} aria-label={t('copyCsv')} onClick={copy}>
        <IconCopy size={14} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
