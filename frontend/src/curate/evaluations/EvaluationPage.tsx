import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { EvaluationDetail } from '../../api/types'
import { LeakLine } from '../../dataset/leaks/LeakLine'
import { useClasses } from '../../dataset/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { count, number, points } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { CompareWith } from '../comparisons/CompareWith'
import { DeleteEvaluation } from '../history/DeleteEvaluation'
import { ReportMenu } from '../reports/ReportMenu'
import { ChartSection } from './ChartSection'
import { ClassTable } from './ClassTable'
import { BetaSwitch, ConfidenceChart } from './ConfidenceChart'
import { ConfusionMatrix } from './ConfusionMatrix'
import { ControlBar, fName } from './ControlBar'
import { ErrorBudget } from './ErrorBudget'
import { ErrorTypes } from './ErrorTypes'
import classes from './EvaluationPage.module.css'
import { Headline } from './Headline'
import { OverlapHistogram, ScoreHistogram } from './Histograms'
import { Inputs } from './Inputs'
import { MissedByType, MissedInMatrix } from './MissedSum'
import { OtherRules } from './OtherRules'
import { PartChoice, Parts } from './Parts'
import { Pending } from './Pending'
import { evaluationQuery, evaluationsQuery, overQuery, useStartEvaluation } from './queries'
import { RecallChart } from './RecallChart'
import { ControlsContext, useBoxes, useControls, useEvaluationControls } from './useControls'
import { useOverlapRows, useRecallRows, useScoreRows } from './useMarkRows'
import { WeakSlices } from './WeakSlices'

const route = getRouteApi('/framed/evaluations/$evaluationId')

/** Model diagnosis: how good, on what, where it goes wrong; every mark opens the boxes behind it. */
export function EvaluationPage() {
  const { t } = useTranslation('curate/evaluations')
  const id = Number(route.useParams().evaluationId)
  const { data: evaluation, error, refetch } = useQuery(evaluationQuery(id))
  const siblings = useQuery({ ...evaluationsQuery(evaluation?.dataset ?? 0), enabled: !!evaluation })
  return (
    <Page
      title={evaluation?.name ?? '…'}
      dataset={evaluation?.dataset}
      padded
      crumbs={
        evaluation && <Crumb label={t('tabs.evaluations')} to={`/curate/${evaluation.dataset}/evaluations`} />
      }
      switchTo={siblings.data?.items.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/evaluations/${one.id}`,
        current: one.id === id,
      }))}
      tabs={evaluation && <Lead evaluation={evaluation} />}
      actions={
        <>
          {evaluation && !evaluation.of && <DeleteEvaluation evaluation={evaluation} />}
          {evaluation?.figures && <ReportMenu of="evaluations" id={id} />}
          {evaluation?.figures && <CompareWith evaluation={evaluation} />}
        </>
      }
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {evaluation?.of && <ToItsEvaluation point={evaluation} of={evaluation.of} />}
      {evaluation &&
        !evaluation.of &&
        (evaluation.figures ? <Body evaluation={evaluation} /> : <Waiting of={evaluation} />)}
    </Page>
  )
}

/** An evaluation at another operating point is its evaluation with the sliders there. */
function ToItsEvaluation({ point, of }: { point: EvaluationDetail; of: number }) {
  const search = { conf: point.rows === 'budget' ? undefined : point.conf, iou: point.iou }
  return (
    <Navigate
      to="/evaluations/$evaluationId"
      params={{ evaluationId: String(of) }}
      search={search as never}
      replace
    />
  )
}

function Lead({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('curate/evaluations')
  const { counts, slices } = evaluation
  return (
    <span className="hd-dim">
      {counts && t('judgedOn', { images: count(counts.images), boxes: count(counts.boxes) })}
      {slices.length > 0 && ` · ${slices.map(({ name }) => name).join(', ')}`}
    </span>
  )
}

function Waiting({ of }: { of: EvaluationDetail }) {
  const start = useStartEvaluation(of.dataset)
  const again = () =>
    start.mutate({ prediction_set: of.prediction_set.id, revision: of.revision, iou: of.iou })
  return <Pending state={of.state} job={of.job} again={again} />
}

function Body({ evaluation }: { evaluation: EvaluationDetail }) {
  const [controls, set] = useControls(evaluation)
  const boxes = useBoxes(evaluation, controls)
  const shared = useMemo(() => ({ evaluation, controls, set, boxes }), [evaluation, controls, set, boxes])
  return (
    <ControlsContext value={shared}>
      {evaluation.unlabelled > 0 && <LeftOut images={evaluation.unlabelled} />}
      {evaluation.on_training_images > 0 && <TrainedOn evaluation={evaluation} />}
      {evaluation.prediction_set.run && (
        <div style={{ marginBottom: 12 }}>
          <LeakLine dataset={evaluation.dataset} sides={{ evaluation: evaluation.id }} />
        </div>
      )}
      <ControlBar />
      <Headline />
      <Charts />
    </ControlsContext>
  )
}

function Charts() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls } = useEvaluationControls()
  const known = useClasses(evaluation.dataset)
  const of = controls.of === null ? null : (known.get(controls.of)?.name ?? null)
  const at = t('operatingPoint', { conf: number(controls.conf, 3), iou: number(controls.iou, 2) })
  const atIou = t('atIou', { iou: controls.iou.toFixed(2) })
  return (
    <div className={classes.parts}>
      <Section title={t('perClass')} note={`${at} · ${t('perClassNote')}`}>
        <ClassTable />
      </Section>
      <div className={classes.halves}>
        <ChartSection
          title={t('precisionRecall')}
          note={`${atIou} · ${t('recallNote')}`}
          table={useRecallRows()}
        >
          <RecallChart />
        </ChartSection>
        <Section
          title={t('overConfidence', { f: fName(controls.beta) })}
          note={`${of ?? t('meanOfClasses')}, ${atIou} · ${t('confidenceNote')}`}
          actions={<BetaSwitch />}
        >
          <ConfidenceChart />
        </Section>
      </div>
      <div className={classes.pair}>
        <Section title={t('confusion')} note={`${at} · ${t('confusionNote')}`}>
          <ConfusionMatrix />
          <MissedInMatrix />
        </Section>
        <div className={classes.column}>
          <Section title={t('budget.title')} note={`${of ? `${of}, ` : ''}${atIou} · ${t('budget.note')}`}>
            <ErrorBudget />
          </Section>
          <Section title={t('errors')} note={`${at} · ${t('errorsNote')}`}>
            <ErrorTypes />
            <MissedByType />
          </Section>
        </div>
      </div>
      <div className={classes.halves}>
        <ChartSection title={t('scores')} note={<Calibrated />} table={useScoreRows()}>
          <ScoreHistogram />
        </ChartSection>
        <ChartSection title={t('overlaps')} note={at} table={useOverlapRows()}>
          <OverlapHistogram />
        </ChartSection>
      </div>
      <Section title={t('parts.title')} note={t('parts.note')} actions={<PartChoice />}>
        <Parts />
      </Section>
      <Section title={t('weak.title')} note={t('weak.note')}>
        <WeakSlices />
      </Section>
      <div className={classes.halves}>
        <Section title={t('computedFrom')}>
          <Inputs evaluation={evaluation} />
        </Section>
        <Section title={t('rules.title')} note={t('rules.note')}>
          <OtherRules />
        </Section>
      </div>
    </div>
  )
}

/** How far scores are from what they say. */
function Calibrated() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls } = useEvaluationControls()
  const error = useQuery(overQuery(evaluation.id, controls)).data?.scores.error
  return <span title={t('calibrationWhat')}>{t('calibration', { error: points(error) })}</span>
}

/** Images that were asked for and of which nothing is known. */
function LeftOut({ images }: { images: number }) {
  const { t } = useTranslation('curate/evaluations')
  return (
    <Alert color="gray" icon={<IconInfoCircle size={18} />} mb={16}>
      {t('unlabelled', { n: count(images) })}
    </Alert>
  )
}

function TrainedOn({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('curate/evaluations')
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} mb={16} title={t('notATest')}>
      {t('notATestWhat', {
        n: count(evaluation.on_training_images),
        of: count(evaluation.counts?.images ?? 0),
      })}{' '}
      {evaluation.prediction_set.run && (
        <Button
          component={PathLink}
          href={`/runs/${evaluation.prediction_set.run.id}`}
          size="compact-xs"
          variant="subtle"
        >
          {evaluation.prediction_set.run.name}
        </Button>
      )}
    </Alert>
  )
}
