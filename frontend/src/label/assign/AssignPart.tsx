import { Button, Popover, TextInput } from '@mantine/core'
import { IconCalendarDue, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { toastProblem } from '../../ui/toast'
import { DueMark } from '../due'
import { finishedOf, totalOf } from '../progress'
import { useChangeBatch } from '../queries'
import { AssignDialog } from './AssignDialog'
import classes from './AssignPart.module.css'
import { useTaskSelection } from './selection'

/** Chooses tasks and gives them to people; for reviewers and above. */
export function AssignPart({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label/assign')
  const [open, setOpen] = useState(false)
  const selection = useTaskSelection()
  const chosen = [...(selection?.ids ?? [])]
  const off = batch.state === 'closed'
  return (
    <span className={classes.part}>
      <Button size="compact-xs" aria-pressed={selection?.on} onClick={() => selection?.turn(!selection.on)}>
        {t(selection?.on ? 'selectEnd' : 'select')}
      </Button>
      <Button
        size="compact-xs"
        leftSection={<IconUserPlus size={14} />}
        disabled={off}
        title={off ? t('closed') : undefined}
        onClick={() => setOpen(true)}
      >
        {chosen.length > 0 ? t('openSome', { count: chosen.length }) : t('open')}
      </Button>
      {open && <AssignDialog batch={batch} selected={chosen} close={() => setOpen(false)} />}
    </span>
  )
}

/** The batch's day; who may change it does so here. */
export function BatchDue({ batch, mayChange }: { batch: Batch; mayChange: boolean }) {
  const { t } = useTranslation('label')
  const change = useChangeBatch(batch.id)
  const over = finishedOf(batch.tasks) === totalOf(batch.tasks)
  if (!mayChange) return <DueMark due={batch.due} over={over} />
  const set = (due: string | null) => change.mutate({ due }, { onError: toastProblem })
  return (
    <Popover position="bottom-start" trapFocus>
      <Popover.Target>
        <button type="button" className={classes.due}>
          {batch.due ? (
            <DueMark due={batch.due} over={over} />
          ) : (
            <>
              <IconCalendarDue size={14} stroke={1.7} aria-hidden /> {t('due.set')}
            </>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          type="date"
          label={t('due.label')}
          description={t('due.note')}
          value={batch.due ?? ''}
          onChange={(event) => set(event.currentTarget.value || null)}
        />
        {batch.due && (
          <Button mt={8} size="compact-xs" onClick={() => set(null)}>
            {t('due.none')}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
