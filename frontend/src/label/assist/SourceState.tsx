import { Button, Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../dataset/useMay'
import { useJob } from '../../jobs/queries'
import { percent } from '../../ui/format'
import { problemText } from '../../ui/ProblemNote'
import { toastProblem } from '../../ui/toast'
import classes from './AssistBar.module.css'
import { type AssistSource, usePrepare } from './queries'
import type { Assist } from './useAssist'

type Props = { assist: Assist; batch: number; dataset: number | undefined }

/** Why the detector says nothing yet, and what to do. */
export function SourceState({ assist: { source, answer }, batch, dataset }: Props) {
  const { t } = useTranslation('label/assist')
  const { data } = source
  if (source.error) return <Failed error={source.error} again={() => void source.refetch()} />
  if (answer.error) return <Failed error={answer.error} again={() => void answer.refetch()} />
  if (data && data.readiness !== 'ready') return <NotReady source={data} batch={batch} dataset={dataset} />
  const waking = answer.failureCount > 0
  return (
    <p role="status" className={classes.state}>
      <Loader size={14} aria-hidden />
      {data ? t(waking ? 'source.waking' : 'source.looking', { name: data.name }) : t('ui:loading')}
    </p>
  )
}

function Failed({ error, again }: { error: unknown; again: () => void }) {
  const { t } = useTranslation('ui')
  const { title, detail } = problemText(error, t)
  return (
    <span role="alert" className={classes.state}>
      {detail || title}
      <Button size="compact-xs" onClick={again}>
        {t('tryAgain')}
      </Button>
    </span>
  )
}

type NotReadyProps = { source: AssistSource; batch: number; dataset: number | undefined }

/** There is no detector, or it was never made ready to answer. */
export function NotReady({ source, batch, dataset }: NotReadyProps) {
  const { t } = useTranslation('label/assist')
  const manages = useMay(dataset, 'manager')
  const prepare = usePrepare(batch)
  if (source.kind === null)
    return (
      <span className={classes.state}>
        {t('source.none')}
        {dataset !== undefined && (
          <Link to="/model/$datasetId" params={{ datasetId: String(dataset) }}>
            {t('source.toModel')}
          </Link>
        )}
      </span>
    )
  if (source.readiness === 'being_made') return <BeingMade source={source} />
  return (
    <span className={classes.state}>
      {t(manages ? 'source.noForm' : 'source.noFormAsk', { name: source.name })}
      {manages && (
        <Button
          size="compact-xs"
          variant="filled"
          loading={prepare.isPending}
          onClick={() => prepare.mutate(undefined, { onError: toastProblem })}
        >
          {t('source.prepare')}
        </Button>
      )}
    </span>
  )
}

function BeingMade({ source }: { source: AssistSource }) {
  const { t } = useTranslation('label/assist')
  const job = useJob(source.job).data
  if (source.kind === 'endpoint')
    return <span className={classes.state}>{t('source.empty', { name: source.name })}</span>
  return (
    <p role="status" className={classes.state}>
      <Loader size={14} aria-hidden />
      {t('source.beingMade', { name: source.name })}
      {job && <span className="hd-num hd-dim">{percent(job.progress)}</span>}
      {source.job !== null && (
        <Link to="/jobs/$jobId" params={{ jobId: String(source.job) }}>
          {t('source.toJob')}
        </Link>
      )}
    </p>
  )
}
