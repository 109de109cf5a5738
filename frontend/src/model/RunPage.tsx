import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { runsQuery } from '../dataset/runs/queries'
import { JobProgress } from '../jobs/JobProgress'
import { isActive } from '../jobs/queries'
import { Crumb } from '../page/Crumb'
import { Page } from '../page/Page'
import { RoutePending } from '../page/RoutePending'
import { LogView } from '../ui/LogView'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { StateMark } from '../ui/StateMark'
import { ExportedForms } from './ExportedForms'
import { Lineage } from './Lineage'
import { MachineUse } from './MachineUse'
import { Pace } from './Pace'
import { runQuery, useEpochs } from './queries'
import { RunActions } from './RunActions'
import { RunCheckpoints } from './RunCheckpoints'
import { RunCurves } from './RunCurves'
import { RunFacts } from './RunFacts'
import classes from './RunPage.module.css'
import { RunResult } from './RunResult'

const route = getRouteApi('/framed/runs/$runId')

/** One training: what it reached, how it went, what went in, what came out. */
export function RunPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().runId)
  const { data: run, error, refetch } = useQuery(runQuery(id))
  const siblings = useQuery({ ...runsQuery(run?.dataset ?? 0), enabled: !!run }).data?.items
  const active = isActive(run)
  useEpochs(id)
  return (
    <Page
      title={run?.name ?? '…'}
      dataset={run?.dataset}
      padded
      progress={active ? run?.job?.progress : undefined}
      crumbs={run && <Crumb label={t('tabs.runs')} to={`/model/${run.dataset}`} />}
      switchTo={siblings?.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/runs/${one.id}`,
        current: one.id === id,
      }))}
      tabs={run && <StateMark state={run.state} />}
      actions={
        run && (
          <>
            {isPartOfIteration(run) && (
              <Button component={PathLink} href={`/runs/${run.id}/ledger`}>
                {t('ledger')}
              </Button>
            )}
            <RunActions run={run} />
          </>
        )
      }
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!run && !error && <RoutePending />}
      {run && <Body run={run} active={active} />}
    </Page>
  )
}

/** Whether there is a run before it, or a control beside it, so that its ledger has something to tell. */
const isPartOfIteration = ({ parent, ancestors, controls, control_of }: RunDetail) =>
  parent !== null || control_of !== null || ancestors.length + controls.length > 0

function Body({ run, active }: { run: RunDetail; active: boolean }) {
  const { t } = useTranslation('model')
  const waits = active && run.epoch === 0
  return (
    <>
      {active && run.job && (
        <JobProgress job={{ ...run.job, eta_seconds: run.eta_seconds ?? run.job.eta_seconds }} />
      )}
      {run.usage && <MachineUse use={run.usage} />}
      {run.state === 'failed' && run.job?.error && (
        <p className={classes.error} role="alert">
          {run.job.error}
        </p>
      )}
      {!active && <RunResult run={run} />}
      {!waits && (
        <Section title={t('curves')} note={<Pace run={run} />}>
          <RunCurves run={run} />
        </Section>
      )}
      <Section title={t('lineage')} note={t('lineageWhat')}>
        <Lineage run={run} />
      </Section>
      <ExportedForms dataset={run.dataset} checkpoints={run.checkpoints} />
      <div className={classes.parts}>
        <RunFacts run={run} />
        <div>
          <RunCheckpoints run={run} />
          <Section title={t('log')}>
            <LogView path={`runs/${run.id}/log`} job={run.job?.id} live={active} height={300} />
          </Section>
        </div>
      </div>
    </>
  )
}
