import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Change, RevisionDetail } from '../../api/types'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { useClasses } from '../queries'
import { ChangeCard } from './ChangeCard'
import { diffQuery } from './queries'
import classes from './RevisionPage.module.css'

type Kind = keyof RevisionDetail['changes_by_kind']
const KINDS: Kind[] = ['relabelled', 'moved', 'added', 'removed']

/** Whether a change is of that kind; one that was relabelled and moved is of both. */
export function isOfKind(change: Change['change'], kind: Kind | 'all'): boolean {
  return (
    kind === 'all' ||
    change === kind ||
    (change === 'relabelled_and_moved' && (kind === 'relabelled' || kind === 'moved'))
  )
}

/** The changes of a revision as pictures. */
export function Diff({ dataset, revision }: { dataset: number; revision: RevisionDetail }) {
  const { t } = useTranslation(['dataset/revisions', 'dataset'])
  const [kind, setKind] = useState<Kind | 'all'>('all')
  const diff = useInfiniteQuery(diffQuery(revision.id))
  const known = useClasses(dataset)
  const all = diff.data?.pages.flatMap((page) => page.items)
  const shown = all?.filter((change) => isOfKind(change.change, kind))
  const filters = [
    { value: 'all' as const, label: t('all') },
    ...KINDS.filter((one) => revision.changes_by_kind[one] > 0).map((one) => ({
      value: one,
      label: `${t(`dataset:change.${one}`)} ${count(revision.changes_by_kind[one])}`,
    })),
  ]
  if (diff.error) return <ProblemNote error={diff.error} retry={() => void diff.refetch()} />
  if (all?.length === 0) return <p className="hd-dim">{t('noChanges')}</p>
  return (
    <>
      <div className={classes.filters}>
        <SegmentedControl aria-label={t('changes')} value={kind} onChange={setKind} data={filters} />
        <span className={classes.legend}>
          <span className={classes.before}>{t('before')}</span>
          <span>{t('after')}</span>
        </span>
      </div>
      <ul className={classes.cards}>
        {shown
          ? shown.map((change) => (
              <li key={`${change.object_id}-${change.change}`}>
                <ChangeCard change={change} dataset={dataset} classes={known} />
              </li>
            ))
          : [0, 1, 2, 3, 4, 5].map((key) => (
              <li key={key} aria-hidden>
                <Skeleton style={{ aspectRatio: '4 / 3' }} height="auto" />
              </li>
            ))}
      </ul>
      {diff.hasNextPage && (
        <Button mt={18} loading={diff.isFetchingNextPage} onClick={() => void diff.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  )
}
