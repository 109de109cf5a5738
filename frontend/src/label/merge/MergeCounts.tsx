import { useTranslation } from 'react-i18next'
import type { Batch, MergePreview } from '../../api/types'
import { count } from '../../ui/format'
import { finishedOf, totalOf } from '../progress'
import { totalChanges } from './changes'
import classes from './Merge.module.css'

/** The merge in numbers and in one sentence: from which revision onto which, and which tasks take part. */
export function MergeCounts({ preview, batch }: { preview: MergePreview; batch: Batch }) {
  const { t } = useTranslation('label')
  const { counts, base, head, tasks } = preview
  const open = totalOf(tasks) - finishedOf(tasks)
  const figures = [
    ['relabelled', counts.relabelled],
    ['moved', counts.moved],
    ['added', counts.added],
    ['removed', counts.removed],
    ['unchanged', counts.unchanged],
  ] as const
  return (
    <>
      <dl className={classes.figures}>
        {figures.map(([name, value]) => (
          <div key={name} data-none={value === 0 || undefined}>
            <dt>{t(`merge.${name}`)}</dt>
            <dd className="hd-num">{count(value)}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.sentence}>
        {totalChanges(preview) === 0 && preview.conflicts.length === 0
          ? t('merge.nothing')
          : t('merge.sentence', { done: count(tasks.done ?? 0) })}{' '}
        {base === head ? t('merge.sameBase', { number: head }) : t('merge.movedOn', { base, head })}{' '}
        {open > 0 && batch.state === 'open' && t('merge.stillOpen', { count: open })}
      </p>
    </>
  )
}
