import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { EvaluationDetail } from '../../api/types'
import { Crumb } from '../../frame/Crumb'
import { Page } from '../../frame/Page'
import { count, number } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { ClassTable } from './ClassTable'
import { CompareWith } from './CompareWith'
import { ConfusionMatrix } from './ConfusionMatrix'
import { ConfidenceChart, PrecisionRecallChart } from './Curves'
import { ErrorTypes } from './ErrorTypes'
import classes from './EvaluationPage.module.css'
import { Headline } from './Headline'
import { Inputs } from './Inputs'
import { Pending } from './Pending'
import { evaluationQuery, evaluationsQuery, useStartEvaluation } from './queries'

const route = getRouteApi('/framed/evaluations/$evaluationId')

/** Model diagnosis: how good, on what, where it goes wrong; every mark opens the boxes behind it. */
export function EvaluationPage() {
  const { t } = useTranslation('curate/diagnosis')
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
      actions={evaluation?.figures && <CompareWith evaluation={evaluation} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {evaluation && (evaluation.figures ? <Body evaluation={evaluation} /> : <Waiting of={evaluation} />)}
    </Page>
  )
}

function Lead({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('curate/diagnosis')
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
  const { t } = useTranslation('curate/diagnosis')
  const at = t('operatingPoint', { conf: number(evaluation.conf, 2), iou: number(evaluation.iou, 2) })
  return (
    <>
      {evaluation.on_training_images > 0 && <TrainedOn evaluation={evaluation} />}
      <Headline evaluation={evaluation} />
      <div className={classes.parts}>
        <Section title={t('perClass')} note={at}>
          <ClassTable evaluation={evaluation} />
        </Section>
        <div className={classes.pair}>
          <Section title={t('confusion')} note={t('confusionNote')}>
            <ConfusionMatrix evaluation={evaluation} />
          </Section>
          <div className={classes.column}>
            <Section title={t('errors')} note={t('errorsNote')}>
              <ErrorTypes evaluation={evaluation} />
            </Section>
            <Section title={t('computedFrom')}>
              <Inputs evaluation={evaluation} />
            </Section>
          </div>
        </div>
        <div className={classes.halves}>
          <Section title={t('precisionRecall')} note={t('atIou', { iou: '0.5' })}>
            <PrecisionRecallChart evaluation={evaluation} />
          </Section>
          <Section title={t('overConfidence')} note={t('meanOfClasses')}>
            <ConfidenceChart evaluation={evaluation} />
          </Section>
        </div>
      </div>
    </>
  )
}

function TrainedOn({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('curate/diagnosis')
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
