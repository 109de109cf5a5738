import { Button, Group } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { JobProgress } from '../jobs/JobProgress'
import { isActive, useCancelJob, useJob } from '../jobs/queries'
import { OffButton } from '../ui/OffButton'
import { PathLink } from '../ui/PathLink'
import { toast, toastProblem } from '../ui/toast'
import { useCheckpointsChanged, useConversion, useConvertAgain } from './queries'
import classes from './UploadWeights.module.css'

type Props = { job: number; done: () => void; again: (job: number) => void }

/** Follows the job that converts weights: how far it is, why it failed, or that they can be used. */
export function Conversion({ job: id, done, again }: Props) {
  const { t } = useTranslation('model')
  const job = useJob(id).data
  const changed = useCheckpointsChanged()
  const cancel = useCancelJob()
  const canAgain = useConversion(id, job?.state === 'failed').data?.again
  const askAgain = useConvertAgain(id)
  const isThere = job?.state === 'succeeded'
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once, when the checkpoint is there
  useEffect(() => {
    if (!isThere) return
    const note = job?.result?.note
    toast([t('uploaded', { name: String(job?.result?.name) }), note].filter(Boolean).join(' '))
    void changed()
    done()
  }, [isThere])
  if (!job || isThere) return null
  const active = isActive(job)
  return (
    <div className={classes.wide} role="status">
      {active ? (
        <JobProgress job={job} />
      ) : (
        <p className={classes.error}>{job.error || t('conversionCancelled')}</p>
      )}
      <Group mt={8} gap={12}>
        {active && (
          <OffButton
            off={job.cancel_requested && t('ui:off.cancelling')}
            onClick={() => cancel.mutate(id, { onError: toastProblem })}
          >
            {t('stopConversion')}
          </OffButton>
        )}
        {canAgain && (
          <Button
            loading={askAgain.isPending}
            onClick={() =>
              askAgain.mutate(undefined, { onSuccess: ({ id }) => again(id), onError: toastProblem })
            }
          >
            {t('convertAgain')}
          </Button>
        )}
        <PathLink href={`/jobs/${id}`}>{t('conversionLog')}</PathLink>
      </Group>
    </div>
  )
}
