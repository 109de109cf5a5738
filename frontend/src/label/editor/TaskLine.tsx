import { Button, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Task, TaskState } from '../../api/types'
import { count } from '../../ui/format'
import { OffIcon } from '../../ui/OffButton'
import type { TaskHost } from '../canvas/actions/action'
import { DueMark } from '../due'
import { SaveNote } from './SaveNote'
import type { Session } from './session'
import classes from './TaskLine.module.css'

type Props = {
  task: Task
  session: Session
  host: TaskHost
  /** What "done" makes of the task: where the batch asks for review, a reviewer passes it after. */
  finished: TaskState
}

/** Previous and next, how far through the batch, what is saved, done and skip. */
export function TaskLine({ task, session, host, finished }: Props) {
  const { t } = useTranslation('label')
  const { autosave } = session
  const state = useSyncExternalStore(autosave.subscribe, () => autosave.state)
  return (
    <div className={classes.line}>
      <Tooltip label={t('action.previous_task')}>
        <OffIcon
          aria-label={t('action.previous_task')}
          off={!host.hasPrevious && t('ui:off.first')}
          onClick={() => host.previous()}
        >
          <IconChevronLeft size={17} />
        </OffIcon>
      </Tooltip>
      <div className={classes.place}>
        <span className="hd-num">
          {t('position', { at: count(task.position + 1), total: count(task.total) })}
        </span>
        <progress max={task.total} value={task.position + 1} aria-label={t('positionLabel')} />
      </div>
      <Tooltip label={t('action.next_task')}>
        <OffIcon
          aria-label={t('action.next_task')}
          off={!host.hasNext && t('ui:off.last')}
          onClick={() => host.next()}
        >
          <IconChevronRight size={17} />
        </OffIcon>
      </Tooltip>
      <span className={classes.state}>{t(`state.${state}`)}</span>
      <DueMark due={task.due} over={state === 'done' || state === 'skipped'} />
      <SaveNote autosave={autosave} />
      <Button size="compact-xs" onClick={() => host.skip()}>
        {t('skip')}
      </Button>
      <Button size="compact-xs" variant="filled" onClick={() => host.finish()}>
        {t(host.review?.reviewing ? 'review.pass' : finished === 'in_review' ? 'toReview' : 'done')}
      </Button>
    </div>
  )
}
