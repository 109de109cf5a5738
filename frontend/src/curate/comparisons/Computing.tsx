import { Button, Progress } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Comparison, EvaluationDetail } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { jobQuery } from '../../jobs/queries'
import { useJobMessage } from '../../jobs/useJobMessage'
import { percent } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { toastProblem } from '../../ui/toast'
import { useStartComparison } from '../evaluations/queries'
import { isComplete } from './figureRows'
import classes from './ManyPage.module.css'

export type Missing = {
  /** Differences that nobody has asked for yet, that failed, or that an earlier version made. */
  toStart: { a: number; b: number }[]
  /** Jobs of those under way. */
  jobs: number[]
}

/** Which differences to the reference are not there. Nothing is said before the list of comparisons has come. */
export function useMissing(
  evaluations: EvaluationDetail[],
  comparisons: ReadonlyMap<number, Comparison> | undefined,
): Missing {
  const [reference, ...others] = evaluations
  if (!reference?.figures || !comparisons) return { toStart: [], jobs: [] }
  const open = (one: Comparison | undefined) => one?.state === 'queued' || one?.state === 'running'
  const found = others.filter(({ figures }) => figures).map(({ id }) => ({ id, has: comparisons.get(id) }))
  return {
    toStart: found
      .filter(({ has }) => !open(has) && !isComplete(has))
      .map(({ id }) => ({ a: reference.id, b: id })),
    jobs: found.flatMap(({ has }) => (open(has) && has?.job ? [has.job] : [])),
  }
}

type Props = { dataset: number; missing: Missing; copy: () => void }

/** Computes the differences that are missing, and says how far those under way are. */
export function Computing({ dataset, missing, copy }: Props) {
  const { t } = useTranslation('curate/comparisons')
  const may = useMay(dataset, 'reviewer')
  const start = useStartComparison(dataset)
  const { toStart, jobs } = missing
  const all = () => {
    for (const pair of toStart) start.mutate(pair, { onError: toastProblem })
  }
  return (
    <div className={classes.bar}>
      {toStart.length > 0 && (
        <>
          <OffButton
            variant="filled"
            loading={start.isPending}
            off={!may && t('ui:off.reviewer')}
            onClick={all}
          >
            {t('compare.compute', { count: toStart.length })}
          </OffButton>
          <span className="hd-dim">{t(may ? 'compare.computeWhat' : 'compare.mayNot')}</span>
        </>
      )}
      {jobs.length > 0 && <UnderWay jobs={jobs} />}
      <Button onClick={copy}>{t('compare.copyCsv')}</Button>
    </div>
  )
}

function UnderWay({ jobs }: { jobs: number[] }) {
  const { t } = useTranslation('curate/comparisons')
  const message = useJobMessage()
  const found = useQueries({ queries: jobs.map(jobQuery) })
  const done = found.reduce((sum, { data }) => sum + (data?.progress ?? 0), 0) / jobs.length
  const running = found.find(({ data }) => data?.state === 'running')?.data
  const doing = running && message(running)
  return (
    <div className={classes.progress} role="status">
      <Progress value={done * 100} size={6} aria-label={t('compare.underWay', { count: jobs.length })} />
      <span className="hd-dim">
        {t('compare.underWay', { count: jobs.length })} · <span className="hd-num">{percent(done)}</span>
        {doing && ` · ${doing}`}
      </span>
    </div>
  )
}
