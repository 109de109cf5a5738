import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Experiment } from '../../api/types'
import { isActive } from '../../jobs/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { duration } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { ArmTable } from './ArmTable'
import { ClassGains } from './ClassGains'
import { ExperimentActions } from './ExperimentActions'
import { ExperimentCurves } from './ExperimentCurves'
import { ExperimentFacts } from './ExperimentFacts'
import classes from './ExperimentPage.module.css'
import { MemoryPart } from './MemoryPart'
import { experimentQuery, experimentsQuery, useEpochsOf } from './queries'
import { secondsLeft, shareOf } from './standing'
import { VerdictPart } from './VerdictPart'

const route = getRouteApi('/framed/experiments/$experimentId')

/** Treatment and control over seeds as one thing: what they show, each run, per class, and what was forgotten. */
export function ExperimentPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().experimentId)
  const { data, error, refetch } = useQuery(experimentQuery(id))
  const siblings = useQuery({ ...experimentsQuery(data?.dataset ?? 0), enabled: !!data }).data?.items
  useEpochsOf(
    id,
    (data?.runs ?? []).filter(isActive).map((run) => run.id),
  )
  return (
    <Page
      title={data?.name ?? '…'}
      dataset={data?.dataset}
      padded
      progress={isActive(data) && data ? shareOf(data) : undefined}
      crumbs={data && <Crumb label={t('tabs.experiments')} to={`/model/${data.dataset}/experiments`} />}
      switchTo={siblings?.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/experiments/${one.id}`,
        current: one.id === id,
      }))}
      tabs={data && <StateMark state={data.state} progress={shareOf(data)} />}
      actions={data && <ExperimentActions experiment={data} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!data && !error && <RoutePending />}
      {data && <Body of={data} />}
    </Page>
  )
}

function Body({ of }: { of: Experiment }) {
  const { t } = useTranslation('model')
  const left = isActive(of) ? secondsLeft(of) : null
  return (
    <div className={classes.page}>
      {of.problem && (
        <p className={classes.problem} role="alert">
          {t('experiment.notJudged', { why: of.problem })}
        </p>
      )}
      <VerdictPart of={of} />
      <Section
        title={t('experiment.arms')}
        note={
          left === null || left < 1
            ? t('experiment.armsWhat')
            : t('experiment.left', { time: duration(left) })
        }
      >
        <ArmTable of={of} />
      </Section>
      {of.result && of.result.per_class.length > 0 && (
        <Section title={t('experiment.classes')} note={t('experiment.classesWhat')}>
          <ClassGains of={of} result={of.result} />
        </Section>
      )}
      {of.parent && (
        <Section title={t('experiment.memory')} note={t('experiment.memoryWhat', { name: of.parent.name })}>
          <MemoryPart of={of} />
        </Section>
      )}
      <Section title={t('curves')} note={t('experiment.curvesWhat')}>
        <ExperimentCurves of={of} />
      </Section>
      <Section title={t('facts')}>
        <ExperimentFacts of={of} />
      </Section>
    </div>
  )
}
