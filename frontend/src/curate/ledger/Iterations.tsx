import { Button } from '@mantine/core'
import { IconNotebook } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Iteration } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { numberColumn } from '../../ui/columns'
import { EmptyState } from '../../ui/EmptyState'
import { Verdict } from '../../ui/Figure'
import { ago, count, duration, points } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { toastProblem } from '../../ui/toast'
import classes from './Ledger.module.css'
import { changeText } from './lines'
import { iterationsQuery, useCompareWithControl } from './queries'

/** A project's iterations, the newest first: what was weak, what was changed, what it brought, how long people worked. */
export function Iterations({ project, start }: { project: number; start?: string }) {
  const { t } = useTranslation('curate/ledger')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    iterationsQuery(project),
  )
  const columns = useColumns()
  const go = useGo()
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (data?.length === 0) return <NoIteration start={start} />
  return (
    <Section title={t('iterations')} note={t('iterationsNote')}>
      <Table
        label={t('iterations')}
        columns={columns}
        rows={data}
        rowKey={({ run }) => run.id}
        onOpen={({ run }) => go(`/runs/${run.id}/ledger`)}
      />
      {hasNextPage && (
        <Button mt={8} size="compact-xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('older')}
        </Button>
      )}
    </Section>
  )
}

/** What there will be, and how one gets there. */
function NoIteration({ start }: { start?: string }) {
  const { t } = useTranslation('curate/ledger')
  return (
    <div className={classes.none}>
      <EmptyState
        icon={<IconNotebook size={30} stroke={1.3} />}
        title={t('none')}
        action={
          start && (
            <Button component={PathLink} variant="filled" href={start}>
              {t('startLoop')}
            </Button>
          )
        }
      >
        {t('noneWhat')}
      </EmptyState>
    </div>
  )
}

function useColumns(): Column<Iteration>[] {
  const { t } = useTranslation('curate/ledger')
  return [
    {
      key: 'run',
      head: t('column.run'),
      sort: ({ run }) => run.name,
      cell: ({ run, dataset }) => (
        <span className={classes.twoLines}>
          <PathLink href={`/runs/${run.id}/ledger`}>{run.name}</PathLink>
          <span className="hd-faint">{dataset.name}</span>
        </span>
      ),
    },
    {
      key: 'weakness',
      head: t('column.weakness'),
      cell: ({ weakest }) => (
        <span className="hd-dim">
          {weakest.map(({ name, AP }) => `${name} ${points(AP.value)}`).join(', ') || '–'}
        </span>
      ),
    },
    { key: 'changed', head: t('column.changed'), cell: (row) => <Changed row={row} /> },
    {
      key: 'gain',
      head: t('column.gain'),
      width: 250,
      sort: ({ over_control }) => over_control?.comparison?.delta?.value ?? null,
      cell: (row) => <OverControl row={row} />,
    },
    numberColumn(
      'people',
      t('column.people'),
      90,
      ({ human_seconds }) => human_seconds,
      ({ human_seconds }) => (human_seconds > 0 ? duration(human_seconds) : '–'),
    ),
    {
      key: 'at',
      head: t('column.at'),
      width: 110,
      sort: ({ created_at }) => created_at,
      cell: ({ created_at, state }) =>
        state === 'succeeded' ? (
          <span className="hd-dim">{ago(created_at)}</span>
        ) : (
          <StateMark state={state} />
        ),
    },
  ]
}

/** Labels, images and settings that are not those of the run before. */
function Changed({ row: { labels_changed, changes } }: { row: Iteration }) {
  const { t } = useTranslation('curate/ledger')
  const said = [
    labels_changed > 0 && t('did.labels', { count: labels_changed, n: count(labels_changed) }),
    changes && changes.images_added > 0 && t('did.images', { n: count(changes.images_added) }),
    changes && changes.images_removed > 0 && t('did.imagesGone', { n: count(changes.images_removed) }),
    ...(changes?.settings ?? []).map(({ name }) => name),
  ].filter(Boolean)
  return <span title={changes?.slices_added.join(', ')}>{said.join(', ') || t('did.nothing')}</span>
}

function OverControl({ row }: { row: Iteration }) {
  const { t } = useTranslation('curate/ledger')
  const compare = useCompareWithControl()
  const may = useMay(row.dataset.id, 'reviewer')
  if (!row.over_control) return <span className="hd-faint">{t('noControl')}</span>
  const { comparison, pair } = row.over_control
  if (comparison?.delta)
    return (
      <PathLink href={`/comparisons/${comparison.id}`} className={classes.gain}>
        <span className="hd-num">{changeText(comparison.delta)}</span>{' '}
        <Verdict of={comparison.delta.verdict} />
      </PathLink>
    )
  if (comparison && (comparison.state === 'queued' || comparison.state === 'running'))
    return <StateMark state={comparison.state} />
  if (!pair || !may) return <span className="hd-faint">{t(pair ? 'notCompared' : 'noPair')}</span>
  return (
    <Button
      size="compact-xs"
      aria-label={t('compareRow', { name: row.run.name })}
      loading={compare.isPending}
      onClick={() => compare.mutate(pair, { onError: toastProblem })}
    >
      {t('next.compare')}
    </Button>
  )
}
