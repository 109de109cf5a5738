import { useTranslation } from 'react-i18next'
import type { SettingsSearch, Trial } from '../../api/types'
import { duration, points } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import classes from './SearchPage.module.css'
import { valueText } from './values'

const AS_JOB = {
  waiting: 'queued',
  running: 'running',
  complete: 'succeeded',
  pruned: 'cancelled',
  failed: 'failed',
} as const

/** Every training of the search with its settings and what came of it; the head sorts. */
export function TrialTable({ of }: { of: SettingsSearch }) {
  const { t } = useTranslation('model')
  const go = useGo()
  const epochs = Number(of.settings?.epochs ?? 0)
  const columns: Column<Trial>[] = [
    {
      key: 'number',
      head: t('search.training'),
      width: 120,
      sort: (one) => (one.kind === 'repeat' ? one.number - 1000 : one.number),
      cell: (one) => {
        const name = t(`search.nth.${one.kind}`, { n: one.number })
        return one.run ? <PathLink href={`/runs/${one.run.id}`}>{name}</PathLink> : name
      },
    },
    {
      key: 'state',
      head: t('state'),
      width: 210,
      cell: (one) => <TrialState of={one} epochs={epochs} />,
    },
    ...of.ranges.map(
      ({ name }): Column<Trial> => ({
        key: name,
        head: <span className="hd-mono">{name}</span>,
        numeric: typeof of.settings?.[name] === 'number',
        width: 110,
        sort: (one) => {
          const value = one.values[name]
          return typeof value === 'boolean' ? Number(value) : (value ?? null)
        },
        cell: (one) => valueText(one.values[name]),
      }),
    ),
    {
      key: 'value',
      head: 'mAP',
      numeric: true,
      width: 90,
      sort: (one) => one.value,
      cell: (one) =>
        one.evaluation ? (
          <PathLink href={`/evaluations/${one.evaluation}`}>{points(one.value)}</PathLink>
        ) : (
          points(one.value)
        ),
    },
    {
      key: 'better',
      head: t('search.shows'),
      width: 150,
      cell: (one) =>
        one.better === null ? (
          ''
        ) : (
          <span data-better={one.better} className={classes.told}>
            {t(one.better ? 'search.above' : 'search.inside')}
          </span>
        ),
    },
    {
      key: 'seconds',
      head: t('took'),
      numeric: true,
      width: 90,
      sort: (one) => one.seconds,
      cell: (one) => (one.seconds > 0 ? duration(one.seconds) : '–'),
    },
  ]
  return (
    <Table
      label={t('search.tried')}
      columns={columns}
      rows={of.tried}
      rowKey={(one) => one.id}
      isMarked={(one) => one.id === of.best_trial}
      onOpen={(one) => one.run && go(`/runs/${one.run.id}`)}
    />
  )
}

function TrialState({ of, epochs }: { of: Trial; epochs: number }) {
  const { t } = useTranslation('model')
  if (of.state === 'pruned') {
    return <span className="hd-dim">{t('search.prunedAfter', { n: of.curve.length, of: epochs })}</span>
  }
  return (
    <span title={of.problem || undefined}>
      <StateMark state={AS_JOB[of.state]} progress={epochs ? of.curve.length / epochs : 0} />
      {of.problem && <span className={classes.problem}> {of.problem}</span>}
    </span>
  )
}
