import { Button, Skeleton } from '@mantine/core'
import {
  IconCheck,
  IconCircleDashed,
  IconEye,
  IconPlayerSkipForward,
  IconProgress,
} from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { TaskRow, TaskState } from '../api/types'
import { personName } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { SelectMark } from './assign/selection'
import { DueMark } from './due'
import { tasksQuery } from './queries'
import classes from './TaskGrid.module.css'

/** The tasks of a batch as pictures: state, who, how many suggestions are open. */
export function TaskGrid({ batch, state }: { batch: number; state: TaskState | null }) {
  const { t } = useTranslation('label')
  const tasks = useInfiniteQuery(tasksQuery(batch, state))
  if (tasks.error && !tasks.data) return <ProblemNote error={tasks.error} retry={tasks.refetch} />
  return (
    <>
      <ul className={classes.grid}>
        {tasks.data
          ? tasks.data.map((task) => (
              <li key={task.id}>
                <TaskCard task={task} />
                <SelectMark task={task} shown={tasks.data} />
              </li>
            ))
          : Array.from({ length: 18 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: places that wait, all alike
              <li key={index}>
                <Skeleton className={classes.waiting} />
              </li>
            ))}
      </ul>
      {tasks.data?.length === 0 && <p className="hd-dim">{t('noTaskInState')}</p>}
      {tasks.hasNextPage && (
        <Button mt={14} loading={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>
          {t('ui:more')}
        </Button>
      )}
    </>
  )
}

const ICONS: Record<TaskState, typeof IconCheck> = {
  to_label: IconCircleDashed,
  in_progress: IconProgress,
  in_review: IconEye,
  done: IconCheck,
  skipped: IconPlayerSkipForward,
}

function TaskCard({ task }: { task: TaskRow }) {
  const { t } = useTranslation('label')
  const Icon = ICONS[task.state]
  const { pending, total } = task.suggestions
  return (
    <Link to="/tasks/$taskId" params={{ taskId: String(task.id) }} className={classes.card} preload={false}>
      <img src={task.image.thumb} alt={task.image.key} loading="lazy" className={classes.picture} />
      {total > 0 && (
        <span className={classes.suggestions} data-open={pending > 0 || undefined}>
          {pending > 0 ? t('openShort', { count: pending }) : t('decidedShort')}
        </span>
      )}
      {task.due && (
        <span className={classes.due}>
          <DueMark due={task.due} over={task.state === 'done' || task.state === 'skipped'} />
        </span>
      )}
      <span className={classes.line}>
        <span className={classes.state} data-state={task.state}>
          <Icon size={14} stroke={2} aria-hidden />
          {t(`state.${task.state}`)}
        </span>
        <span className={classes.who}>{task.assignee && personName(task.assignee)}</span>
        <span className="hd-num hd-faint">{t('boxes', { count: task.boxes })}</span>
      </span>
    </Link>
  )
}
