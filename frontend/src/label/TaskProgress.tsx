import { useTranslation } from 'react-i18next'
import type { TaskState } from '../api/types'
import { count } from '../ui/format'
import { finishedOf, TASK_STATES, totalOf } from './progress'
import classes from './TaskProgress.module.css'

type Props = { tasks: Partial<Record<TaskState, number>>; withWords?: boolean }

/** How far a batch is: one bar in parts, and how many of how many are finished. */
export function TaskProgress({ tasks, withWords = true }: Props) {
  const { t } = useTranslation('label')
  const total = totalOf(tasks)
  const parts = (['done', 'skipped', 'in_review', 'in_progress'] as const).filter((state) => tasks[state])
  const words = t('progress', { done: count(finishedOf(tasks)), total: count(total) })
  return (
    <div className={classes.progress}>
      <div
        className={classes.bar}
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={finishedOf(tasks)}
        aria-label={words}
      >
        {parts.map((state) => (
          <span
            key={state}
            data-state={state}
            style={{ width: `${((tasks[state] ?? 0) / Math.max(1, total)) * 100}%` }}
          />
        ))}
      </div>
      {withWords && <span className="hd-num hd-dim">{words}</span>}
    </div>
  )
}

/** The states of a batch's tasks in words, with their counts. */
export function TaskCounts({ tasks }: { tasks: Partial<Record<TaskState, number>> }) {
  const { t } = useTranslation('label')
  return (
    <ul className={classes.counts}>
      {TASK_STATES.filter((state) => tasks[state]).map((state) => (
        <li key={state}>
          <span className={classes.dot} data-state={state} aria-hidden />
          {t(`state.${state}`)} <span className="hd-num">{count(tasks[state] ?? 0)}</span>
        </li>
      ))}
    </ul>
  )
}
