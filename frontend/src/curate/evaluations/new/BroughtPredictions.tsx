import { Button, Group, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job, PredictionsReport } from '../../../api/types'
import { ProblemsTable } from '../../../dataset/imports/ProblemsTable'
import { JobProgress } from '../../../jobs/JobProgress'
import { isActive, useJob } from '../../../jobs/queries'
import { count } from '../../../ui/format'
import { PathLink, useGo } from '../../../ui/PathLink'
import { ProblemNote } from '../../../ui/ProblemNote'
import classes from './Evaluate.module.css'
import { HowFields } from './HowFields'
import { type How, useEvaluate } from './queries'
import { Warning } from './Warning'

type Props = { dataset: number; job: number; close: () => void; back: () => void }

/** What came in of a results file and what did not, and why; then on to its evaluation. */
export function BroughtPredictions({ dataset, job: id, close, back }: Props) {
  const { t } = useTranslation('curate/evaluations/new')
  const queries = useQueryClient()
  const job = useJob(id).data as Job<PredictionsReport> | undefined
  const isThere = job?.state === 'succeeded'
  useEffect(() => {
    if (isThere) void queries.invalidateQueries({ queryKey: ['datasets', dataset, 'prediction-sets'] })
  }, [isThere, dataset, queries])
  if (!job) return null
  if (isActive(job))
    return (
      <>
        <JobProgress job={job} />
        <p className="hd-dim">{t('fileGoesOn')}</p>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('close')}</Button>
        </Group>
      </>
    )
  if (!isThere || !job.result)
    return (
      <>
        <p className={classes.error}>{job.error || t('wasCancelled')}</p>
        <Group justify="flex-end" mt={18}>
          <Button component={PathLink} href={`/jobs/${id}`}>
            {t('log')}
          </Button>
          <Button variant="filled" onClick={back}>
            {t('back')}
          </Button>
        </Group>
      </>
    )
  return <Report dataset={dataset} report={job.result} close={close} />
}

function Report({
  dataset,
  report,
  close,
}: {
  dataset: number
  report: PredictionsReport
  close: () => void
}) {
  const { t } = useTranslation('curate/evaluations/new')
  const [how, setHow] = useState<How>({ iou: 0.5 })
  const evaluate = useEvaluate(dataset)
  const go = useGo()
  const judged = { prediction_set: report.prediction_set }
  const start = () =>
    evaluate.mutate({ judged, how }, { onSuccess: (job) => (job.link ? go(job.link) : close()) })
  return (
    <>
      <Stack gap={14}>
        <p>
          {t('brought', {
            stored: count(report.stored),
            found: count(report.found),
            images: count(report.images),
          })}
        </p>
        <div className={classes.problems}>
          <ProblemsTable
            problems={report.problems}
            total={report.problems_total}
            kinds={report.kinds ?? []}
          />
        </div>
        <HowFields dataset={dataset} how={how} set={setHow} />
        <Warning dataset={dataset} judged={judged} how={how} />
        {evaluate.error && <ProblemNote error={evaluate.error} />}
      </Stack>
      <Group justify="flex-end" mt={18}>
        <Button onClick={close}>{t('later')}</Button>
        <Button variant="filled" onClick={start} loading={evaluate.isPending} data-autofocus>
          {t('start.set')}
        </Button>
      </Group>
    </>
  )
}
