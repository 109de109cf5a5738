import { Button, Checkbox } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Embeddings } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive, useCancelJob, useJob } from '../../jobs/queries'
import { EmptyState } from '../../ui/EmptyState'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './MapPage.module.css'
import { useComputeEmbeddings } from './queries'

type Props = { dataset: number; of: Embeddings }

/** What a dataset without a map shows: why it is worth one, and the button that makes it. */
export function NoMap({ dataset, of }: Props) {
  const { t } = useTranslation('curate/map')
  if (of.images.total === 0)
    return (
      <EmptyState
        icon={<IconChartDots size={34} stroke={1.3} />}
        title={t('noImages')}
        action={
          <Button component={PathLink} href={`/datasets/${dataset}/imports`} variant="filled">
            {t('import')}
          </Button>
        }
      >
        {t('noImagesWhat')}
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<IconChartDots size={34} stroke={1.3} />}
      title={of.job ? t('computing') : t('none')}
      action={of.job ? <AtWork job={of.job} dataset={dataset} /> : <Compute dataset={dataset} of={of} />}
    >
      {t('noneWhat')}
    </EmptyState>
  )
}

/** Above a map: the job that is at it, or the images that it does not show yet. */
export function Missing({ dataset, of }: Props) {
  const { t } = useTranslation('curate/map')
  const missing = of.images.total - of.images.embedded
  if (of.job)
    return (
      <div className={classes.note}>
        <AtWork job={of.job} dataset={dataset} />
      </div>
    )
  if (missing <= 0) return null
  return (
    <div className={classes.note}>
      <span>{t('missing', { count: missing })}</span>
      <Compute dataset={dataset} of={of} short />
    </div>
  )
}

function Compute({ dataset, of, short = false }: Props & { short?: boolean }) {
  const { t } = useTranslation('curate/map')
  const may = useMay(dataset, 'manager')
  const compute = useComputeEmbeddings(dataset)
  const [objects, setObjects] = useState(false)
  if (!may) return <span className="hd-dim">{t('notAllowed')}</span>
  return (
    <div>
      <Button variant="filled" loading={compute.isPending} onClick={() => compute.mutate({ objects })}>
        {t('compute')}
      </Button>
      {!short && of.objects.total > 0 && (
        <Checkbox
          mt={12}
          size="xs"
          checked={objects}
          onChange={(event) => setObjects(event.currentTarget.checked)}
          label={t('objectsToo', { n: count(of.objects.total) })}
        />
      )}
      {compute.error ? <ProblemNote error={compute.error} /> : null}
    </div>
  )
}

/** Follows the job to its end, then has the page look again. */
function AtWork({ job: id, dataset }: { job: number; dataset: number }) {
  const { t } = useTranslation('curate/map')
  const queries = useQueryClient()
  const job = useJob(id).data
  const cancel = useCancelJob()
  const ended = job !== undefined && !isActive(job)
  useEffect(() => {
    if (ended) void queries.invalidateQueries({ queryKey: ['embeddings', dataset] })
  }, [ended, queries, dataset])
  if (!job) return null
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: '1fr auto',
        gap: 12,
        alignItems: 'center',
        minWidth: 320,
      }}
    >
      <JobProgress job={job} />
      <OffButton
        off={(job.cancel_requested || ended) && t('ui:off.cancelling')}
        onClick={() => cancel.mutate(id)}
      >
        {t('ui:cancel')}
      </OffButton>
    </div>
  )
}
