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
import type { DatasetClass, TaskRow, TaskState } from '../api/types'
import { BoxedImage, type DrawnBox } from '../ui/BoxedImage'
import { personName } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { SelectMark } from './assign/selection'
import { DueMark } from './due'
import { tasksQuery } from './queries'
import classes from './TaskGrid.module.css'
import type { TaskSearch } from './taskSearch'

type Named = ReadonlyMap<number, DatasetClass>
type Props = { batch: number; wanted: TaskSearch; named: Named }

/** The tasks of a batch as pictures with their boxes: state, who, how many suggestions are open. */
export function TaskGrid({ batch, wanted, named }: Props) {
  const { t } = useTranslation('label')
  const tasks = useInfiniteQuery(tasksQuery(batch, wanted))
  if (tasks.error && !tasks.data) return <ProblemNote error={tasks.error} retry={tasks.refetch} />
  return (
    <>
      <ul className={classes.grid}>
        {tasks.data
          ? tasks.data.map((task) => (
              <li key={task.id}>
                <TaskCard task={task} named={named} />
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
      {tasks.data?.length === 0 && (
        <p className="hd-dim">
          {t(
            wanted.person !== undefined || wanted.issues || wanted.review ? 'review.noTask' : 'noTaskInState',
          )}
        </p>
      )}
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

function boxesOf(task: TaskRow, named: Named): DrawnBox[] {
  return (task.shapes ?? []).map(({ class_id, box, ignored }, key) => ({
    key,
    box,
    colour: named.get(class_id)?.colour ?? '#9a9a96',
    hatched: ignored,
  }))
}

function TaskCard({ task, named }: { task: TaskRow; named: Named }) {
  const { t } = useTranslation('label')
  const Icon = ICONS[task.state]
  const { pending, total } = task.suggestions
  return (
    <Link to="/tasks/$taskId" params={{ taskId: String(task.id) }} className={classes.card} preload={false}>
      <span className={classes.picture}>
        <BoxedImage
          src={task.image.thumb}
          width={task.image.width}
          height={task.image.height}
          aspect={10 / 16}
          boxes={boxesOf(task, named)}
          alt={task.image.key}
        />
      </span>
      {task.open_issues > 0 && (
        <span className={classes.issues}>{t('review.issuesShort', { count: task.open_issues })}</span>
      )}
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
