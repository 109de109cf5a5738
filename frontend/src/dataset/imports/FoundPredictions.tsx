import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ImportReport } from '../../api/types'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive, useJob } from '../../jobs/queries'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { useMay } from '../useMay'
import classes from './ImportView.module.css'
import { useFoundPredictions } from './queries'

type Props = { job: number; dataset: number; found: NonNullable<ImportReport['predictions']> }

/** Boxes with a confidence that stood among the labels: no labels, but a prediction set if one wants. */
export function FoundPredictions({ job, dataset, found }: Props) {
  const { t } = useTranslation('dataset/imports')
  const manages = useMay(dataset, 'manager')
  const make = useFoundPredictions(dataset)
  const n = count(found.boxes)
  return (
    <section className={classes.predictions}>
      <p>{t('foundPredictions', { count: found.files, n, files: count(found.files) })}</p>
      {!found.location && <p className="hd-dim">{t('predictionsLater')}</p>}
      {found.location && manages && !make.data && (
        <Button loading={make.isPending} onClick={() => make.mutate(job)}>
          {t('makePredictions', { count: found.boxes, n })}
        </Button>
      )}
      {make.error && <ProblemNote error={make.error} />}
      {make.data && <Making job={make.data.id} dataset={dataset} />}
    </section>
  )
}

function Making({ job: id, dataset }: { job: number; dataset: number }) {
  const { t } = useTranslation('dataset/imports')
  const job = useJob(id).data
  if (!job) return null
  if (isActive(job)) return <JobProgress job={job} />
  if (job.state !== 'succeeded') return <p>{job.error}</p>
  return (
    <Button component={PathLink} href={`/curate/${dataset}/evaluations`}>
      {t('evaluatePredictions')}
    </Button>
  )
}
