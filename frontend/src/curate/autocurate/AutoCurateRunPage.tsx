import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { dateTime, personName } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { Pending } from '../evaluations/Pending'
import { sourceName } from './AutoCuratePage'
import { EdgeCases } from './EdgeCases'
import { Mislabels } from './Mislabels'
import { runQuery, useStart } from './queries'
import { RareClasses } from './RareClasses'
import { SendActions } from './SendActions'
import { SplitReport, TrainOnSplit } from './SplitReport'
import { ToLabel } from './ToLabel'

const route = getRouteApi('/framed/curate/$datasetId/auto/$autoCurateId')

/** One auto-curate run: how far it is, then what it found and why. */
export function AutoCurateRunPage() {
  const { t } = useTranslation('curate/autocurate')
  const params = route.useParams()
  const [dataset, id] = [Number(params.datasetId), Number(params.autoCurateId)]
  const { data: run, error, refetch } = useQuery(runQuery(id))
  const done = run?.state === 'succeeded'
  return (
    <Page
      title={run ? t(`kind.${run.kind}`) : '…'}
      dataset={dataset}
      padded
      crumbs={<Crumb label={t('title')} to={`/curate/${dataset}`} />}
      tabs={run && <Lead run={run} />}
      actions={run && done && <Actions run={run} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {run && (done ? <Report run={run} /> : <Waiting run={run} />)}
    </Page>
  )
}

function Lead({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  return (
    <span className="hd-dim">
      {sourceName(run) || t('allImages')} · r{run.source.revision} · {personName(run.created_by)},{' '}
      {dateTime(run.created_at)}
    </span>
  )
}

function Waiting({ run }: { run: AutoCurateDetail }) {
  const start = useStart(run.dataset)
  const { kind, source, params } = run
  const again = () => start.mutate({ kind, slice: source.slice?.id, q: source.q || undefined, params })
  return <Pending state={run.state} job={run.job} again={again} />
}

function Actions({ run }: { run: AutoCurateDetail }) {
  if (run.kind === 'split') return <TrainOnSplit run={run} />
  const query = run.kind === 'mislabels' ? `suggested(run = ${run.id})` : undefined
  return <SendActions run={run} query={query} />
}

function Report({ run }: { run: AutoCurateDetail }) {
  if (run.kind === 'split') return <SplitReport run={run} />
  if (run.kind === 'mislabels') return <Mislabels run={run} />
  if (run.kind === 'label_selection') return <ToLabel run={run} />
  if (run.kind === 'rare_classes') return <RareClasses run={run} />
  return <EdgeCases run={run} />
}
