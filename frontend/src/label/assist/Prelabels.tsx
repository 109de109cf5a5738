import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive } from '../../jobs/queries'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { Section } from '../../ui/Section'
import { Time } from '../../ui/Time'
import { toast, toastProblem } from '../../ui/toast'
import classes from './AssistPart.module.css'
import { PrelabelDialog } from './PrelabelDialog'
import { PrelabelReport } from './PrelabelReport'
import { type Prelabel, prelabelsQuery, useTakeBack } from './queries'
import { useFollowed } from './useFollowed'

/** What the batch was pre-labelled with, and the way to do it. */
export function Prelabels({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label/assist')
  const [open, setOpen] = useState<Prelabel | 'new' | null>(null)
  const manages = useMay(batch.dataset, 'manager')
  const { data = [] } = useQuery(prelabelsQuery(batch.id))
  const closed = batch.state === 'closed'
  const begin = manages && (
    <OffButton size="compact-xs" off={closed && t('prelabel.closed')} onClick={() => setOpen('new')}>
      {t('prelabel.begin')}
    </OffButton>
  )
  return (
    <Section title={t('prelabel.title')} note={t('prelabel.note')} actions={begin}>
      {data.map((row) => (
        <One key={row.id} row={row} batch={batch} manages={manages} open={() => setOpen(row)} />
      ))}
      {open && (
        <PrelabelDialog batch={batch} begun={open === 'new' ? null : open} close={() => setOpen(null)} />
      )}
    </Section>
  )
}

type OneProps = { row: Prelabel; batch: Batch; manages: boolean; open: () => void }

function One({ row, batch, manages, open }: OneProps) {
  const { t } = useTranslation('label/assist')
  const [reporting, setReporting] = useState(false)
  const takeBack = useTakeBack(row.id)
  const job = useFollowed(row, batch.id)
  const back = () =>
    takeBack.mutate(undefined, {
      onSuccess: ({ taken_back, left }) =>
        toast(
          [
            t('prelabel.takenBack', { count: taken_back }),
            left > 0 ? t('prelabel.left', { count: left }) : '',
          ]
            .join(' ')
            .trim(),
        ),
      onError: toastProblem,
    })
  return (
    <div className={classes.prelabel}>
      <span>
        {t(`prelabel.state.${row.state}`, {
          name: row.checkpoint_name,
          boxes: count(row.boxes),
          tasks: count(row.tasks),
        })}{' '}
        <span className="hd-dim">
          <Time at={row.applied_at ?? row.created_at} />
        </span>
      </span>
      {job && isActive(job) && <JobProgress job={job} />}
      {job?.state === 'failed' && <span role="alert">{job.error}</span>}
      {row.state === 'looked' && manages && !isActive(job) && (
        <Button size="compact-xs" variant="filled" onClick={open}>
          {t('prelabel.choose')}
        </Button>
      )}
      {row.state === 'applied' && (
        <Button size="compact-xs" aria-expanded={reporting} onClick={() => setReporting(!reporting)}>
          {t('prelabel.report')}
        </Button>
      )}
      {row.state === 'applied' && manages && (
        <Button size="compact-xs" loading={takeBack.isPending} onClick={back}>
          {t('prelabel.takeBack')}
        </Button>
      )}
      {reporting && (
        <div className={classes.report}>
          <PrelabelReport prelabel={row.id} dataset={batch.dataset} />
        </div>
      )}
    </div>
  )
}
