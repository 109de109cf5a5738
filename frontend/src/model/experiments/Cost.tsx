import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExperimentEstimate, ExperimentRequest } from '../../api/types'
import { LeakLine } from '../../dataset/leaks/LeakLine'
import { bytes, count, duration, number } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { toastProblem } from '../../ui/toast'
import runClasses from '../RunForm.module.css'
import { type ExperimentDraft, type Missing, measureRequest } from './draft'
import classes from './ExperimentPage.module.css'
import { useEstimate, useMeasure, type useStartExperiment } from './queries'

const FEW_STEPS = 300

type Props = {
  dataset: number
  draft: ExperimentDraft
  /** Null while something is missing. */
  request: ExperimentRequest | null
  missing: Missing[]
  start: ReturnType<typeof useStartExperiment>
}

/** What the experiment comes to before it is started, and the button that starts it, or says why it cannot. */
export function Cost({ dataset, draft, request, missing, start }: Props) {
  const { t } = useTranslation('model')
  const [measuring, setMeasuring] = useState<number | null>(null)
  const { name: _, ...nameless } = request ?? {}
  const [asked] = useDebouncedValue(request ? JSON.stringify({ ...nameless, name: '' }) : null, 400)
  const found = useEstimate(asked ? (JSON.parse(asked) as ExperimentRequest) : null, measuring !== null)
  const runs = found.data?.runs ?? draft.seeds * (draft.control ? 2 : 1)
  return (
    <aside className={runClasses.summary}>
      {found.data && request && (
        <>
          <Totals of={found.data} />
          {found.data.seconds === null && (
            <Measure request={request} name={draft.name} measuring={measuring} started={setMeasuring} />
          )}
        </>
      )}
      {found.error && request && <ProblemNote error={found.error} />}
      {draft.trainSlices.length > 0 && draft.validationSlice && (
        <LeakLine dataset={dataset} sides={{ train: draft.trainSlices, validation: draft.validationSlice }} />
      )}
      {start.isError && <ProblemNote error={start.error} />}
      {missing.length > 0 && (
        <div className="hd-dim" role="status">
          {t('experiment.missing')}
          <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
            {missing.map((one) => (
              <li key={one}>{t(`experiment.missingOf.${one}`)}</li>
            ))}
          </ul>
        </div>
      )}
      <OffButton
        type="submit"
        variant="filled"
        fullWidth
        off={missing.length > 0 && t('ui:off.fill')}
        loading={start.isPending}
      >
        {t('experiment.start', { count: runs })}
      </OffButton>
    </aside>
  )
}

function Totals({ of }: { of: ExperimentEstimate }) {
  const { t } = useTranslation('model')
  const few = of.treatment.steps < FEW_STEPS
  const arm = ({ images, epochs, steps }: ExperimentEstimate['treatment']) =>
    t('experiment.armCost', { images: count(images), epochs, steps: count(steps) })
  const rows: [string, string][] = [
    [t('runsStarted'), count(of.runs)],
    [t('experiment.eachTreatment'), arm(of.treatment)],
    ...(of.control ? ([[t('experiment.eachControl'), arm(of.control)]] as [string, string][]) : []),
    [t('steps'), count(of.steps)],
    [t('experiment.time'), of.seconds === null ? t('experiment.timeUnknown') : `≈ ${duration(of.seconds)}`],
    [t('experiment.disk'), of.disk_bytes === null ? '–' : `≈ ${bytes(of.disk_bytes)}`],
  ]
  return (
    <>
      <dl style={{ margin: 0 }}>
        {rows.map(([name, value]) => (
          <div key={name} className={runClasses.total}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {of.images_per_second !== null && (
        <p className="hd-dim">
          {t('experiment.measured', { speed: number(of.images_per_second) })}{' '}
          {of.measured_on && <PathLink href={`/runs/${of.measured_on.id}`}>{of.measured_on.name}</PathLink>}
        </p>
      )}
      {few && <p className={runClasses.warn}>{t('fewSteps', { n: count(of.treatment.steps) })}</p>}
    </>
  )
}

type MeasureProps = {
  request: ExperimentRequest
  name: string
  measuring: number | null
  started: (run: number) => void
}

/** Where nothing like it was trained here, one epoch tells how long it takes. */
function Measure({ request, name, measuring, started }: MeasureProps) {
  const { t } = useTranslation('model')
  const measure = useMeasure()
  if (measuring !== null) {
    return (
      <p className="hd-dim" role="status">
        <PathLink href={`/runs/${measuring}`} target="_blank">
          {t('experiment.measuring')}
        </PathLink>
      </p>
    )
  }
  const title = t('experiment.measureName', { name: name.trim() || t('experiment.one') }).slice(0, 120)
  return (
    <div className={classes.cost}>
      <p className="hd-dim">{t('experiment.measureWhy')}</p>
      <Button
        loading={measure.isPending}
        onClick={() =>
          measure.mutate(measureRequest(request, title), {
            onSuccess: ({ id }) => started(id),
            onError: toastProblem,
          })
        }
      >
        {t('experiment.measure')}
      </Button>
    </div>
  )
}
