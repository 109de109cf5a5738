import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { IconChartBar, IconTable } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './Analytics.module.css'

type Props = {
  title: ReactNode
  note?: ReactNode
  actions?: ReactNode
  /** The same numbers as a table of links, for keyboards and screen readers. */
  table?: () => ReactNode
  /** Height that the chart will have: kept while it loads. */
  height: number
  state: { error: unknown; isPending: boolean; refetch: () => unknown }
  wide?: boolean
  children: () => ReactNode
}

/** One chart with its heading, and the way to its table. */
export function ChartPanel({ title, note, actions, table, height, state, wide, children }: Props) {
  const { t } = useTranslation('curate/analytics')
  const [listed, setListed] = useState(false)
  const Icon = listed ? IconChartBar : IconTable
  const words = listed ? t('asChart') : t('asTable')
  return (
    <section className={classes.panel} data-wide={wide || undefined}>
      <header>
        <h3>{title}</h3>
        {note && <span className={classes.note}>{note}</span>}
        <span className={classes.actions}>
          {actions}
          {table && (
            <Tooltip label={words}>
              <ActionIcon
                size={22}
                aria-label={words}
                aria-pressed={listed}
                onClick={() => setListed(!listed)}
              >
                <Icon size={14} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </header>
      {state.error ? (
        <ProblemNote error={state.error} retry={() => void state.refetch()} />
      ) : state.isPending ? (
        <Skeleton height={height} />
      ) : listed && table ? (
        <div className={classes.listed}>{table()}</div>
      ) : (
        children()
      )}
    </section>
  )
}
