import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../api/problem'
import type { Baseline, Checkpoint, RunDetail, Slice } from '../../api/types'
import { useDataset } from '../../dataset/queries'
import { ClassChanges } from '../ClassChanges'
import { DataFields } from '../DataFields'
import { firstBaseline, fittingWeights } from '../draft'
import runClasses from '../RunForm.module.css'
import { SettingsFields } from '../SettingsFields'
import { StartFields } from '../StartFields'
import { ControlFields } from './ControlFields'
import { Cost } from './Cost'
import { type ExperimentDraft, experimentRequest, missingOf, sameData } from './draft'
import { useStartExperiment } from './queries'
import { SeedFields } from './SeedFields'

type Props = {
  dataset: number
  first: ExperimentDraft
  baselines: Baseline[]
  checkpoints: Checkpoint[]
  slices: Slice[]
  parent?: RunDetail
}

/** The form of an experiment at the left, what it costs at the right. */
export function ExperimentForm({ dataset, first, baselines, checkpoints, slices, parent }: Props) {
  const { t } = useTranslation('model')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(first)
  const start = useStartExperiment()
  const head = useDataset(dataset).data?.head_revision
  const baseline = baselines.find(({ name }) => name === draft.baseline) ?? firstBaseline(baselines)
  const fitting = checkpoints.filter(({ architecture }) => architecture === baseline?.name)
  const weights = fittingWeights(
    baseline,
    draft.weights,
    fitting.map(({ id }) => String(id)),
  )
  const whole: ExperimentDraft = { ...draft, baseline: baseline?.name ?? null, weights }
  const defaults = baseline?.settings ?? {}
  const change = (part: Partial<ExperimentDraft>) => setDraft((was) => ({ ...was, ...part }))
  const missing = missingOf(whole)
  const request =
    missing.filter((one) => one !== 'name').length === 0
      ? experimentRequest(whole, dataset, defaults, parent?.id)
      : null
  const said = isProblem(start.error) ? start.error.errors : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!request || missing.length > 0) return
    start.mutate(request, {
      onSuccess: ({ id }) =>
        void navigate({ to: '/experiments/$experimentId', params: { experimentId: String(id) } }),
    })
  }
  return (
    <form className={runClasses.page} onSubmit={submit}>
      <div className={runClasses.fields}>
        <p className="hd-dim">
          {t(parent ? 'experiment.whatFrom' : 'experiment.what', { name: parent?.name })}
        </p>
        <TextInput
          label={t('name')}
          value={draft.name}
          maxLength={90}
          error={said.name?.join(' ')}
          onChange={(event) => change({ name: event.currentTarget.value })}
          data-autofocus
        />
        <Part title={t('startsFrom')}>
          <StartFields
            draft={whole}
            baselines={baselines}
            baseline={baseline}
            checkpoints={fitting}
            change={change}
          />
          <ClassChanges dataset={dataset} weights={weights} />
        </Part>
        <Part title={t('experiment.treatmentData')}>
          <DataFields dataset={dataset} draft={whole} slices={slices} parent={parent} change={change} />
        </Part>
        <Part title={t('experiment.arm.control')}>
          <ControlFields
            draft={whole}
            slices={slices}
            parent={parent}
            head={head}
            same={whole.control && sameData(whole, head)}
            change={change}
          />
        </Part>
        <Part title={t('experiment.seedsHead')}>
          <SeedFields draft={whole} slices={slices} hasParent={!!parent} change={change} />
        </Part>
        <Part title={t('settings')}>
          <SettingsFields
            settings={{ ...defaults, ...draft.settings }}
            defaults={defaults}
            errors={said}
            off={baseline?.several_devices === false ? { devices: t('devicesAlone') } : {}}
            change={(part) => change({ settings: { ...draft.settings, ...part } })}
          />
        </Part>
      </div>
      <Cost dataset={dataset} draft={whole} request={request} missing={missing} start={start} />
    </form>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={runClasses.part}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}
