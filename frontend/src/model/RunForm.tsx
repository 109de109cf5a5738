import { Checkbox, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../api/problem'
import type { Baseline, Checkpoint, Run, Slice } from '../api/types'
import { LeakLine } from '../dataset/leaks/LeakLine'
import { OffButton } from '../ui/OffButton'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { ClassChanges } from './ClassChanges'
import { DataFields } from './DataFields'
import {
  controlRequest,
  experimentAddress,
  firstBaseline,
  fittingWeights,
  missingOf,
  type RunDraft,
  toRequest,
} from './draft'
import { useStartRuns } from './queries'
import classes from './RunForm.module.css'
import { RunSummary } from './RunSummary'
import { SettingsFields } from './SettingsFields'
import { StartFields } from './StartFields'

type Props = {
  dataset: number
  first: RunDraft
  baselines: Baseline[]
  checkpoints: Checkpoint[]
  slices: Slice[]
  parent?: Run
  controlOf?: Run
}

/** The form of a run at the left, what it comes to at the right. */
export function RunForm({ dataset, first, baselines, checkpoints, slices, parent, controlOf }: Props) {
  const { t } = useTranslation('model')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(first)
  const start = useStartRuns()
  const baseline = baselines.find(({ name }) => name === draft.baseline) ?? firstBaseline(baselines)
  const fitting = checkpoints.filter(({ architecture }) => architecture === baseline?.name)
  const weights = fittingWeights(
    baseline,
    draft.weights,
    fitting.map(({ id }) => String(id)),
  )
  const settings = { ...baseline?.settings, ...draft.settings }
  const whole: RunDraft = { ...draft, baseline: baseline?.name ?? null, weights }
  const change = (part: Partial<RunDraft>) => setDraft((was) => ({ ...was, ...part }))
  const missing = missingOf(draft)
  const said = isProblem(start.error) ? start.error.errors : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const run = toRequest(whole, dataset, baseline?.settings ?? {}, {
      parent: parent?.id,
      control_of: controlOf?.id,
    })
    const control =
      parent && !controlOf && draft.control
        ? controlRequest(run, parent, t('controlName', { name: run.name }))
        : undefined
    start.mutate(
      { run, control },
      { onSuccess: (made) => void navigate({ to: '/runs/$runId', params: { runId: String(made.id) } }) },
    )
  }
  return (
    <form className={classes.page} onSubmit={submit}>
      <div className={classes.fields}>
        {parent && !controlOf && <p className="hd-dim">{t('moreWhat', { name: parent.name })}</p>}
        {!controlOf && (
          <p className="hd-dim">
            {t('experiment.asExperimentWhat')}{' '}
            <PathLink href={experimentAddress(dataset, parent?.id, first.trainSlices)}>
              {t('experiment.asExperiment')}
            </PathLink>
          </p>
        )}
        {controlOf && <p className="hd-dim">{t('controlWhat', { name: controlOf.name })}</p>}
        <TextInput
          label={t('name')}
          placeholder={t('namePlaceholder')}
          value={draft.name}
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
        <Part title={t('data')}>
          <DataFields dataset={dataset} draft={whole} slices={slices} parent={parent} change={change} />
        </Part>
        <Part title={t('settings')}>
          <SettingsFields
            settings={settings}
            defaults={baseline?.settings ?? {}}
            errors={said}
            change={(part) => change({ settings: { ...draft.settings, ...part } })}
          />
        </Part>
        <Part title={t('after')}>
          <Checkbox
            label={t('evaluate')}
            description={t('evaluateWhat')}
            checked={draft.evaluate}
            onChange={(event) => change({ evaluate: event.currentTarget.checked })}
          />
          {parent && !controlOf && (
            <Checkbox
              label={t('alsoControl')}
              description={t('alsoControlWhat')}
              checked={draft.control}
              onChange={(event) => change({ control: event.currentTarget.checked })}
            />
          )}
        </Part>
      </div>
      <aside className={classes.summary}>
        <RunSummary
          dataset={dataset}
          draft={whole}
          settings={settings}
          slices={slices}
          withControl={!!parent && !controlOf && draft.control}
        />
        {draft.trainSlices.length > 0 && draft.validationSlice && (
          <LeakLine
            dataset={dataset}
            sides={{ train: draft.trainSlices, validation: draft.validationSlice }}
          />
        )}
        {start.isError && <ProblemNote error={start.error} />}
        {missing.length > 0 && (
          <p className="hd-dim" role="status">
            {t('missing', { what: missing.map((one) => t(`experiment.missingOf.${one}`)).join(', ') })}
          </p>
        )}
        <OffButton
          type="submit"
          variant="filled"
          fullWidth
          off={missing.length > 0 && t('ui:off.fill')}
          loading={start.isPending}
        >
          {t(parent && !controlOf && draft.control ? 'startBoth' : 'start')}
        </OffButton>
      </aside>
    </form>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.part}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}
