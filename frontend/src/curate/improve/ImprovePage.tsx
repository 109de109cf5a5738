import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Improve, ImproveStep } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { useJobTitle } from '../../jobs/useJobTitle'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { points } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { toastProblem } from '../../ui/toast'
import { CurvePart } from './CurvePart'
import classes from './Improve.module.css'
import { NextStep, type Off } from './NextStep'
import { OtherSteps } from './OtherSteps'
import { improveQuery, useSkipStep, useTakeStep } from './queries'
import { Stages } from './Stages'
import { gainText } from './view'

const route = getRouteApi('/framed/datasets/$datasetId/improve')
const BUDGETS = [15, 30, 60, 120, 240]
const HALF_AN_HOUR = 30

/** The guided loop of a dataset: where it is, the next best step, and the others. */
export function ImprovePage() {
  const { t } = useTranslation('curate/improve')
  const dataset = Number(route.useParams().datasetId)
  const { minutes = HALF_AN_HOUR, curve, class: classId } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: state, error, refetch } = useQuery(improveQuery(dataset, minutes))
  const set = (part: { minutes?: number; class?: number }) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  return (
    <Page
      title={t('title')}
      dataset={dataset}
      padded
      progress={state?.job?.progress}
      tabs={<span className="hd-dim">{t('what')}</span>}
      actions={<Budget minutes={minutes} choose={(chosen) => set({ minutes: chosen })} />}
    >
      <div className={classes.column}>
        {error && <ProblemNote error={error} retry={() => void refetch()} />}
        {!state && !error && <RoutePending />}
        {state && <Loop state={state} minutes={minutes} />}
        {state?.base && (
          <CurvePart
            dataset={dataset}
            run={curve}
            classId={classId}
            choose={(chosen) => set({ class: chosen })}
          />
        )}
      </div>
    </Page>
  )
}

function Budget({ minutes, choose }: { minutes: number; choose: (minutes: number) => void }) {
  const { t } = useTranslation('curate/improve')
  const known = [...new Set([...BUDGETS, minutes])].sort((a, b) => a - b)
  return (
    <Select
      w={170}
      aria-label={t('budget')}
      data={known.map((value) => ({ value: String(value), label: t('budgetOf', { n: value }) }))}
      value={String(minutes)}
      onChange={(value) => choose(Number(value))}
    />
  )
}

function Loop({ state, minutes }: { state: Improve; minutes: number }) {
  const { t } = useTranslation('curate/improve')
  const title = useJobTitle()
  const mayAct = useMay(state.dataset, 'manager')
  const off: Off = !mayAct ? 'managersOnly' : state.job ? 'jobRuns' : undefined
  const go = useGo()
  const taking = useTakeStep(state.dataset, minutes)
  const skipping = useSkipStep(state.dataset)
  const take = (step: ImproveStep) =>
    taking.mutate(step, {
      onSuccess: ({ job, link }) => !job && link && go(link),
      onError: toastProblem,
    })
  const skip = ({ step, class_id }: ImproveStep, undo: boolean) =>
    skipping.mutate({ step, class_id, undo }, { onError: toastProblem })
  return (
    <>
      <Stages stages={state.stages} />
      <Proven state={state} />
      <Base state={state} dataset={state.dataset} />
      {state.failed && !state.job && (
        <p className={classes.failed} role="alert">
          <PathLink href={`/jobs/${state.failed.id}`}>{t('failed', { title: title(state.failed) })}</PathLink>{' '}
          {state.failed.error}
        </p>
      )}
      <NextStep {...{ state, off, take, skip }} busy={taking.isPending} />
      <Skipped
        state={state}
        mayAct={mayAct}
        undo={(step, class_id) => skipping.mutate({ step, class_id, undo: true })}
      />
      {state.others.length > 0 && (
        <Section title={t('others')} note={t('othersWhat')}>
          <OtherSteps steps={state.others} {...{ off, take, skip }} />
        </Section>
      )}
    </>
  )
}

/** What the last round brought, with the way to its proof. */
function Proven({ state }: { state: Improve }) {
  const { t } = useTranslation(['curate/improve', 'ui'])
  const { proven } = state
  if (!proven) return null
  return (
    <p className={classes.proven} data-verdict={proven.verdict}>
      <PathLink href={`/comparisons/${proven.comparison}`}>
        {t('broughtBy', { name: proven.run.name, gain: gainText(proven.gain) })}
      </PathLink>{' '}
      <strong>{t(`ui:verdict.${proven.verdict}`)}</strong>{' '}
      <span className="hd-dim">
        {t(proven.is_control ? 'againstControl' : 'againstBefore', { name: proven.against.name })}
      </span>
    </p>
  )
}

/** The training that the next step goes on from. */
function Base({ state, dataset }: { state: Improve; dataset: number }) {
  const { t } = useTranslation('curate/improve')
  const { base } = state
  if (!base) return null
  const known = base.low !== null && base.high !== null
  return (
    <p className={classes.base}>
      {t('now')} <PathLink href={`/runs/${base.run.id}`}>{base.run.name}</PathLink>
      {base.evaluation !== null && (
        <>
          {', '}
          <PathLink href={`/evaluations/${base.evaluation}`}>
            mAP {points(base.ap)}
            {known && ` [${points(base.low)}, ${points(base.high)}]`}
          </PathLink>
        </>
      )}
      {base.smallest_shown !== null && (
        <span className="hd-dim"> · {t('canShow', { n: points(base.smallest_shown) })}</span>
      )}
      {' · '}
      <PathLink href={`/model/${dataset}/experiments/new?parent=${base.run.id}`}>{t('overSeeds')}</PathLink>
    </p>
  )
}

type SkippedProps = { state: Improve; mayAct: boolean; undo: (step: string, classId: number | null) => void }

/** Steps that were left out and stand in no table: they can be taken up again. */
function Skipped({ state, mayAct, undo }: SkippedProps) {
  const { t } = useTranslation('curate/improve')
  const listed = new Set(state.others.map(({ step, class_id }) => `${step} ${class_id}`))
  const lost = state.skipped.filter(({ step, class_id }) => !listed.has(`${step} ${class_id}`))
  if (lost.length === 0) return null
  return (
    <p className={classes.note}>
      {t('skipped')}{' '}
      {lost.map(({ step, class_id }) => (
        <OffButton
          key={step}
          size="compact-xs"
          variant="subtle"
          off={!mayAct && t('ui:off.manager')}
          onClick={() => undo(step, class_id)}
        >
          {t(`skippedStep.${step}`)}
        </OffButton>
      ))}
    </p>
  )
}
