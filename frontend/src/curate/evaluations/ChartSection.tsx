import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChartBar, IconTable } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import classes from './ChartSection.module.css'

/** A mark of a chart as a number that leads to its boxes. */
export type Mark = { text: ReactNode; to?: string }
export type MarkRows = {
  heads: ReactNode[]
  rows: { key: string | number; label: ReactNode; marks: Mark[] }[]
}

type Props = {
  title: ReactNode
  note?: ReactNode
  actions?: ReactNode
  /** The same marks as a table of links, for keyboards and screen readers; undefined while they load. */
  table: MarkRows | undefined
  children: ReactNode
}

/** A chart with its heading, and the way to its table. */
export function ChartSection({ title, note, actions, table, children }: Props) {
  const { t } = useTranslation('curate/evaluations')
  const [listed, setListed] = useState(false)
  const Icon = listed ? IconChartBar : IconTable
  const words = t(listed ? 'asChart' : 'asTable')
  const rows = listed ? table : undefined
  return (
    <Section
      title={title}
      note={note}
      actions={
        <>
          {actions}
          <Tooltip label={words}>
            <ActionIcon size={22} aria-label={words} aria-pressed={listed} onClick={() => setListed(!listed)}>
              <Icon size={14} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {rows ? <MarkTable {...rows} /> : children}
    </Section>
  )
}

function MarkTable({ heads, rows }: MarkRows) {
  return (
    <div className={classes.listed}>
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {heads.map((head, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: heads never move
              <th key={at} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, marks }) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              {marks.map(({ text, to }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: marks stand below their heads
                <td key={at}>{to ? <PathLink href={to}>{text}</PathLink> : text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
