import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job, State } from '../../api/types'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive, useCancelJob, useJob } from '../../jobs/queries'
import { EmptyState } from '../../ui/EmptyState'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { toastProblem } from '../../ui/toast'

/** In place of figures that a job is still computing, or failed to. */
export function Pending({
  state,
  job,
  again,
}: {
  state: State
  job: Job | number | null
  again?: () => void
}) {
  const { t } = useTranslation('curate/evaluations')
  const id = typeof job === 'object' ? job?.id : job
  const followed = useJob(id).data
  const cancel = useCancelJob()
  if (followed && isActive(followed))
    return (
      <>
        <JobProgress job={followed} />
        <OffButton
          onClick={() => cancel.mutate(followed.id, { onError: toastProblem })}
          off={followed.cancel_requested && t('ui:off.cancelling')}
        >
          {t('cancel')}
        </OffButton>
      </>
    )
  if (state === 'queued' || state === 'running' || state === 'succeeded') return null
  return (
    <EmptyState
      title={t(state === 'cancelled' ? 'wasCancelled' : 'hasFailed')}
      action={
        <>
          {again && (
            <Button variant="filled" onClick={again}>
              {t('again')}
            </Button>
          )}
          {id && (
            <Button component={PathLink} href={`/jobs/${id}`}>
              {t('openLog')}
            </Button>
          )}
        </>
      }
    >
      {followed?.error}
    </EmptyState>
  )
}
