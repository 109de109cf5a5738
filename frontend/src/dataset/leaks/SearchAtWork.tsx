import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive, useCancelJob, useJob } from '../../jobs/queries'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { useMay } from '../useMay'
import { useFindDuplicates } from './queries'

/** Follows the search for duplicates to its end, then has the page look again. */
export function SearchAtWork({ job: id, dataset }: { job: number; dataset: number }) {
  const { t } = useTranslation('dataset/leaks')
  const queries = useQueryClient()
  const job = useJob(id).data
  const cancel = useCancelJob()
  const ended = job !== undefined && !isActive(job)
  useEffect(() => {
    if (!ended) return
    void queries.invalidateQueries({ queryKey: ['duplicates', dataset] })
    void queries.invalidateQueries({ queryKey: ['leaks', dataset] })
  }, [ended, queries, dataset])
  if (!job) return null
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr auto', gap: 12, minWidth: 320, maxWidth: 560 }}>
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

type Props = { dataset: number; again?: boolean; quiet?: boolean }

/** The button that has all images looked at; a sentence for who may not. Quiet: beside what a page is about. */
export function SearchButton({ dataset, again = false, quiet = false }: Props) {
  const { t } = useTranslation('dataset/leaks')
  const may = useMay(dataset, 'manager')
  const find = useFindDuplicates(dataset)
  if (!may) return <span className="hd-dim">{t('notAllowed')}</span>
  return (
    <div>
      <Button
        size={quiet ? 'compact-xs' : undefined}
        variant={again || quiet ? 'default' : 'filled'}
        loading={find.isPending}
        onClick={() => find.mutate()}
      >
        {t(again ? 'searchAgain' : 'search')}
      </Button>
      {find.error ? <ProblemNote error={find.error} /> : null}
    </div>
  )
}
