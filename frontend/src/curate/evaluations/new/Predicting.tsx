import { Button, Group } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { JobProgress } from '../../../jobs/JobProgress'
import { isActive, useCancelJob, useJob } from '../../../jobs/queries'
import { OffButton } from '../../../ui/OffButton'
import { PathLink, useGo } from '../../../ui/PathLink'
import { toastProblem } from '../../../ui/toast'
import classes from './Evaluate.module.css'

type Props = { job: number; close: () => void; back: () => void }

/** How far the prediction is; then the evaluation's own page. */
export function Predicting({ job: id, close, back }: Props) {
  const { t } = useTranslation('curate/evaluations/new')
  const job = useJob(id).data
  const cancel = useCancelJob()
  const go = useGo()
  const evaluation = job?.state === 'succeeded' ? job.result?.evaluation : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaves once, when there is a page to go to
  useEffect(() => {
    if (typeof evaluation === 'number') {
      close()
      go(`/evaluations/${evaluation}`)
    }
  }, [evaluation])
  if (!job) return null
  const active = isActive(job)
  return (
    <>
      {active ? <JobProgress job={job} /> : <p className={classes.error}>{job.error || t('wasCancelled')}</p>}
      {active && <p className="hd-dim">{t('goesOn')}</p>}
      <Group justify="flex-end" mt={18}>
        {active ? (
          <OffButton
            off={job.cancel_requested && t('ui:off.cancelling')}
            onClick={() => cancel.mutate(id, { onError: toastProblem })}
          >
            {t('stop')}
          </OffButton>
        ) : (
          <Button component={PathLink} href={`/jobs/${id}`}>
            {t('log')}
          </Button>
        )}
        <Button variant="filled" onClick={active ? close : back}>
          {t(active ? 'close' : 'back')}
        </Button>
      </Group>
    </>
  )
}
