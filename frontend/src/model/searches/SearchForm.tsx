import { Checkbox, NumberInput, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../api/problem'
import type { Baseline, Checkpoint, Searchable, SearchRequest, Slice } from '../../api/types'
import { LeakLine } from '../../dataset/leaks/LeakLine'
import { OffButton } from '../../ui/OffButton'
import { ProblemNote } from '../../ui/ProblemNote'
import { AugmentationsPanel } from '../augmentations/AugmentationsPanel'
import { ClassChanges } from '../ClassChanges'
import { DataFields } from '../DataFields'
import { augmentationsWish, firstBaseline, fittingWeights } from '../draft'
import classes from '../RunForm.module.css'
import { SettingsFields } from '../SettingsFields'
import { StartFields } from '../StartFields'
import { missingOf, type SearchDraft, searchRequest } from './draft'
import { useSearchEstimate, useStartSearch } from './queries'
import { RangeFields } from './RangeFields'
import { SearchTotals } from './SearchTotals'

type Props = {
  dataset: number
  first: SearchDraft
  baselines: Baseline[]
  checkpoints: Checkpoint[]
  slices: Slice[]
  known: Searchable[]
}

/** The form of a search at the left, what it takes and what it can tell at the right. */
export function SearchForm({ dataset, first, baselines, checkpoints, slices, known }: Props) {
  const { t } = useTranslation('model')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(first)
  const start = useStartSearch()
  const baseline = baselines.find(({ name }) => name === draft.baseline) ?? firstBaseline(baselines)
  const fitting = checkpoints.filter(({ architecture }) => architecture === baseline?.name)
  const weights = fittingWeights(
    baseline,
    draft.weights,
    fitting.map(({ id }) => String(id)),
  )
  const whole: SearchDraft = { ...draft, baseline: baseline?.name ?? null, weights }
  const defaults = baseline?.settings ?? {}
  const settings = { ...defaults, ...draft.settings }
  const change = (part: Partial<SearchDraft>) => setDraft((was) => ({ ...was, ...part }))
  const missing = missingOf(whole)
  const priced = missing.every((one) => one === 'name')
  const request = priced ? searchRequest(whole, dataset, defaults) : null
  const [asked] = useDebouncedValue(request ? JSON.stringify({ ...request, name: '' }) : null, 400)
  const estimate = useSearchEstimate(asked ? (JSON.parse(asked) as SearchRequest) : null)
  const said = isProblem(start.error) ? start.error.errors : {}
  const inRanges = isProblem(estimate.error) ? { ...estimate.error.errors, ...said } : said
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!request || missing.length > 0) return
    start.mutate(request, {
      onSuccess: ({ id }) => void navigate({ to: '/searches/$searchId', params: { searchId: String(id) } }),
    })
  }
  return (
    <form className={classes.page} onSubmit={submit}>
      <div className={classes.fields}>
        <p className="hd-dim">{t('search.what')}</p>
        <TextInput
          label={t('name')}
          value={draft.name}
          maxLength={80}
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
          <DataFields dataset={dataset} draft={whole} slices={slices} change={change} />
        </Part>
        <Part title={t('search.unchanged')}>
          <SettingsFields
            settings={settings}
            defaults={defaults}
            errors={said}
            change={(part) => change({ settings: { ...draft.settings, ...part } })}
          />
        </Part>
        <Part title={t('search.ranges')}>
          <RangeFields
            known={known}
            ranges={draft.ranges}
            settings={settings}
            errors={inRanges}
            change={(ranges) => change({ ranges })}
          />
        </Part>
        <Part title={t('search.howMuch')}>
          <div className={classes.three}>
            <NumberInput
              label={t('search.trials')}
              description={t('search.trialsWhat')}
              min={1}
              max={500}
              allowDecimal={false}
              value={draft.trials || ''}
              error={said.trials?.join(' ')}
              onChange={(value) => change({ trials: Number(value) })}
            />
            <NumberInput
              label={t('search.repeats')}
              description={t('search.repeatsWhat')}
              min={2}
              max={10}
              allowDecimal={false}
              value={draft.repeats || ''}
              error={said.repeats?.join(' ')}
              onChange={(value) => change({ repeats: Number(value) })}
            />
            <NumberInput
              label={t('search.minutes')}
              description={t('search.minutesWhat')}
              min={1}
              placeholder={t('search.noLimit')}
              value={draft.minutes ?? ''}
              error={said.minutes?.join(' ')}
              onChange={(value) => change({ minutes: value === '' ? null : Number(value) })}
            />
          </div>
          <Checkbox
            label={t('search.prune')}
            description={t('search.pruneWhat')}
            checked={draft.prune}
            onChange={(event) => change({ prune: event.currentTarget.checked })}
          />
        </Part>
        <Part title={t('augmented.title')}>
          <AugmentationsPanel
            wish={augmentationsWish(whole, dataset, defaults)}
            seed={Number(settings.seed ?? 0)}
          />
        </Part>
      </div>
      <aside className={classes.summary}>
        {estimate.data && request && <SearchTotals of={estimate.data} draft={whole} />}
        {estimate.error && request && <ProblemNote error={estimate.error} />}
        {draft.trainSlices.length > 0 && draft.validationSlice && (
          <LeakLine
            dataset={dataset}
            sides={{ train: draft.trainSlices, validation: draft.validationSlice }}
          />
        )}
        {start.isError && <ProblemNote error={start.error} />}
        {missing.length > 0 && (
          <p className="hd-dim" role="status">
            {t('missing', { what: missing.map((one) => t(`search.missingOf.${one}`)).join(', ') })}
          </p>
        )}
        <OffButton
          type="submit"
          variant="filled"
          fullWidth
          off={
            missing.length > 0 &&
            t('missing', { what: missing.map((one) => t(`search.missingOf.${one}`)).join(', ') })
          }
          loading={start.isPending}
        >
          {t('search.start')}
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
