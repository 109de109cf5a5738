import { Group, MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../api/problem'
import type { AutoCurateDetail } from '../../api/types'
import { useClasses, useSlices } from '../../dataset/queries'
import { runsQuery as trainingsQuery } from '../../dataset/runs/queries'
import { FormDialog } from '../../ui/FormDialog'
import { useGo } from '../../ui/PathLink'
import { evaluationsQuery } from '../evaluations/queries'
import { KeepTogether } from './KeepTogether'
import { useStart } from './queries'

export const KINDS = ['split', 'mislabels', 'edge_cases', 'label_selection', 'rare_classes'] as const
export type Kind = (typeof KINDS)[number]

type Draft = {
  slice: string | null
  q: string
  name: string
  names: [string, string]
  ratio: number
  sources: boolean
  sight: boolean
  folds: number
  crops: boolean
  epochs: number
  imgsz: number
  budget: number
  checkpoint: string | null
  perSequence: number
  evaluation: string | null
  classes: string[]
  beside: string | null
}

const FIRST: Draft = {
  slice: null,
  q: '',
  name: '',
  names: ['train', 'validation'],
  ratio: 80,
  sources: true,
  sight: true,
  folds: 2,
  crops: true,
  epochs: 20,
  imgsz: 320,
  budget: 100,
  checkpoint: null,
  perSequence: 1,
  evaluation: null,
  classes: [],
  beside: null,
}

/** What the API takes for a kind. */
export function paramsOf(kind: Kind, draft: Draft, again?: AutoCurateDetail): Record<string, unknown> {
  const name = draft.name.trim() || undefined
  if (kind === 'split')
    return {
      names: draft.names.map((one) => one.trim()),
      ratio: draft.ratio / 100,
      sources: draft.sources,
      sight: draft.sight,
    }
  if (kind === 'mislabels' && again) return { name, ...paramsAgain(again, draft) }
  if (kind === 'mislabels')
    return {
      name,
      folds: draft.folds,
      crops: draft.crops,
      epochs: draft.epochs,
      imgsz: draft.imgsz,
      weights: { kind: 'base' },
    }
  if (kind === 'edge_cases') return { name, budget: draft.budget, checkpoint: Number(draft.checkpoint) }
  const chosen = {
    name,
    budget: draft.budget,
    per_sequence: draft.perSequence,
    checkpoint: draft.checkpoint ? Number(draft.checkpoint) : undefined,
  }
  if (kind === 'rare_classes')
    return {
      ...chosen,
      classes: draft.classes.length > 0 ? draft.classes.map(Number) : undefined,
      beside: draft.beside ? Number(draft.beside) : undefined,
    }
  return {
    ...chosen,
    evaluation: draft.evaluation ? Number(draft.evaluation) : undefined,
  }
}

/** Those of an earlier search, but for its name and the predictions that it judged by: networks are trained anew. */
function paramsAgain(run: AutoCurateDetail, { folds, crops, epochs, imgsz }: Draft): Record<string, unknown> {
  const { name: _, prediction_set: __, settings, weights, ...params } = run.params
  return {
    ...params,
    folds,
    crops,
    weights: weights ?? { kind: 'base' },
    settings: { ...(settings as object | undefined), epochs, imgsz },
    after: run.id,
  }
}

/** What a search looked at, and how, as a draft of the next. */
function draftOf({ source, params }: AutoCurateDetail): Draft {
  const settings = (params.settings ?? {}) as { epochs?: number; imgsz?: number }
  return {
    ...FIRST,
    slice: source.slice ? String(source.slice.id) : null,
    q: source.q,
    folds: Number(params.folds ?? FIRST.folds),
    crops: params.crops !== false,
    epochs: settings.epochs ?? FIRST.epochs,
    imgsz: settings.imgsz ?? FIRST.imgsz,
  }
}

type Props = {
  dataset: number
  kind: Kind
  close: () => void
  slice?: number
  /** The query line of the images that it is about. */
  q?: string
  /** A search that is to be done again, on the labels as they are by now. */
  again?: AutoCurateDetail
}

/** Asks what an auto-curate run should look at, and how; then goes to its page. */
export function StartDialog({ dataset, kind, close, slice, q = '', again }: Props) {
  const { t } = useTranslation('curate/autocurate')
  const [draft, setDraft] = useState<Draft>(
    again ? draftOf(again) : { ...FIRST, slice: slice ? String(slice) : null, q },
  )
  const set = (change: Partial<Draft>) => setDraft((was) => ({ ...was, ...change }))
  const start = useStart(dataset)
  const go = useGo()
  const errors = isProblem(start.error, 400) ? start.error.errors : {}
  const send = () =>
    start.mutate(
      {
        kind,
        slice: draft.slice ? Number(draft.slice) : undefined,
        q: draft.q.trim() || undefined,
        params: paramsOf(kind, draft, again),
      },
      { onSuccess: (job) => go(job.link ?? `/jobs/${job.id}`) },
    )
  return (
    <FormDialog
      title={t(`kind.${kind}`)}
      verb={t(`verb.${kind}`)}
      size={500}
      ready={kind !== 'edge_cases' || draft.checkpoint !== null}
      pending={start.isPending}
      problem={errors.q ? null : start.error}
      {...{ send, close }}
    >
      <p className="hd-dim">{t(`long.${kind}`)}</p>
      <Source dataset={dataset} draft={draft} set={set} queryError={errors.q?.join(' ')} />
      {kind === 'split' && <SplitFields draft={draft} set={set} />}
      {kind === 'split' && (
        <KeepTogether
          dataset={dataset}
          slice={draft.slice ? Number(draft.slice) : null}
          sources={draft.sources}
          sight={draft.sight}
          set={set}
        />
      )}
      {kind === 'mislabels' && <MislabelFields draft={draft} set={set} />}
      {kind === 'edge_cases' && <EdgeCaseFields dataset={dataset} draft={draft} set={set} />}
      {kind === 'label_selection' && <LabelSelectionFields dataset={dataset} draft={draft} set={set} />}
      {kind === 'rare_classes' && <RareClassFields dataset={dataset} draft={draft} set={set} />}
    </FormDialog>
  )
}

type FieldProps = { draft: Draft; set: (change: Partial<Draft>) => void }

function Source({ dataset, draft, set, queryError }: FieldProps & { dataset: number; queryError?: string }) {
  const { t } = useTranslation('curate/autocurate')
  const slices = useSlices(dataset).data
  return (
    <>
      <Select
        label={t('slice')}
        placeholder={t('allImages')}
        clearable
        searchable
        data={slices?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
        value={draft.slice}
        onChange={(value) => set({ slice: value })}
      />
      <Textarea
        label={t('query')}
        description={t('queryWhat')}
        autosize
        maxRows={6}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--hd-mono)' } }}
        value={draft.q}
        error={queryError}
        onChange={(event) => set({ q: event.currentTarget.value })}
      />
    </>
  )
}

function SplitFields({ draft, set }: FieldProps) {
  const { t } = useTranslation('curate/autocurate')
  return (
    <Group grow align="flex-end">
      <TextInput
        label={t('firstName')}
        value={draft.names[0]}
        onChange={(event) => set({ names: [event.currentTarget.value, draft.names[1]] })}
      />
      <TextInput
        label={t('secondName')}
        value={draft.names[1]}
        onChange={(event) => set({ names: [draft.names[0], event.currentTarget.value] })}
      />
      <Num
        label={t('ratio')}
        value={draft.ratio}
        min={1}
        max={99}
        suffix=" %"
        onChange={(ratio) => set({ ratio })}
      />
    </Group>
  )
}

function MislabelFields({ draft, set }: FieldProps) {
  const { t } = useTranslation('curate/autocurate')
  return (
    <>
      <Name draft={draft} set={set} />
      <Group grow>
        <Num label={t('folds')} value={draft.folds} min={2} max={10} onChange={(folds) => set({ folds })} />
        <Num
          label={t('epochs')}
          value={draft.epochs}
          min={1}
          max={1000}
          onChange={(epochs) => set({ epochs })}
        />
        <Num
          label={t('imgsz')}
          value={draft.imgsz}
          min={32}
          max={2048}
          step={32}
          onChange={(imgsz) => set({ imgsz })}
        />
      </Group>
      <Switch
        label={t('crops')}
        description={t('cropsWhat')}
        checked={draft.crops}
        onChange={(event) => set({ crops: event.currentTarget.checked })}
      />
    </>
  )
}

/** `what` says what an optional checkpoint does. */
type CheckpointProps = FieldProps & { dataset: number; optional?: boolean; what?: string }

function CheckpointField({ dataset, draft, set, optional = false, what }: CheckpointProps) {
  const { t } = useTranslation('curate/autocurate')
  const runs = useQuery(trainingsQuery(dataset)).data?.items
  const trained = (runs ?? []).flatMap((run) => {
    const best = run.checkpoints.find(({ kind }) => kind === 'best') ?? run.checkpoints[0]
    return best ? [{ value: String(best.id), label: run.name }] : []
  })
  return (
    <Select
      label={t('checkpoint')}
      description={what ?? t(optional ? 'checkpointOptional' : 'checkpointWhat')}
      placeholder={optional ? t('withoutCheckpoint') : undefined}
      clearable={optional}
      searchable
      data={trained}
      nothingFoundMessage={t('noCheckpoint')}
      value={draft.checkpoint}
      onChange={(checkpoint) => set({ checkpoint })}
    />
  )
}

function EdgeCaseFields({ dataset, draft, set }: FieldProps & { dataset: number }) {
  return (
    <>
      <CheckpointField dataset={dataset} draft={draft} set={set} />
      <Group grow align="flex-end">
        <Name draft={draft} set={set} />
        <Budget draft={draft} set={set} />
      </Group>
    </>
  )
}

function LabelSelectionFields({ dataset, draft, set }: FieldProps & { dataset: number }) {
  const { t } = useTranslation('curate/autocurate')
  const evaluations = useQuery(evaluationsQuery(dataset)).data?.items
  const finished = evaluations?.filter(({ state }) => state === 'succeeded') ?? []
  return (
    <>
      <CheckpointField dataset={dataset} draft={draft} set={set} optional />
      <Select
        label={t('weakBy')}
        description={t('weakByWhat')}
        placeholder={t('weakByNone')}
        clearable
        searchable
        data={finished.map((one) => ({ value: String(one.id), label: one.name }))}
        value={draft.evaluation}
        onChange={(evaluation) => set({ evaluation })}
      />
      <HowMany draft={draft} set={set} />
    </>
  )
}

function RareClassFields({ dataset, draft, set }: FieldProps & { dataset: number }) {
  const { t } = useTranslation('curate/autocurate')
  const slices = useSlices(dataset).data
  const classes = [...useClasses(dataset).values()]
  return (
    <>
      <MultiSelect
        label={t('rare.classes')}
        placeholder={draft.classes.length > 0 ? undefined : t('rare.classesNone')}
        searchable
        clearable
        data={classes.map((one) => ({ value: String(one.id), label: one.name }))}
        value={draft.classes}
        onChange={(chosen) => set({ classes: chosen })}
      />
      <Select
        label={t('rare.beside')}
        description={t('rare.besideWhat')}
        placeholder={t('rare.besideNone')}
        clearable
        searchable
        data={slices?.map((one) => ({ value: String(one.id), label: one.name })) ?? []}
        value={draft.beside}
        onChange={(beside) => set({ beside })}
      />
      <CheckpointField dataset={dataset} draft={draft} set={set} optional what={t('rare.checkpoint')} />
      <HowMany draft={draft} set={set} />
    </>
  )
}

/** What it is called and how large it may be, in one row: the dialog has to fit a low screen. */
function HowMany({ draft, set }: FieldProps) {
  const { t } = useTranslation('curate/autocurate')
  return (
    <Group grow align="flex-end">
      <Name draft={draft} set={set} />
      <Budget draft={draft} set={set} />
      <Num
        label={t('perSequence')}
        value={draft.perSequence}
        min={1}
        max={1e6}
        onChange={(perSequence) => set({ perSequence })}
      />
    </Group>
  )
}

function Budget({ draft, set }: FieldProps) {
  const { t } = useTranslation('curate/autocurate')
  return (
    <Num label={t('budget')} value={draft.budget} min={1} max={1e6} onChange={(budget) => set({ budget })} />
  )
}

function Name({ draft, set }: FieldProps) {
  const { t } = useTranslation('curate/autocurate')
  return (
    <TextInput
      label={t('name')}
      placeholder={t('nameDefault')}
      value={draft.name}
      onChange={(event) => set({ name: event.currentTarget.value })}
    />
  )
}

type NumProps = {
  label: string
  value: number
  min: number
  max: number
  step?: number
  suffix?: string
  onChange: (value: number) => void
}

function Num({ onChange, ...rest }: NumProps) {
  return (
    <NumberInput
      {...rest}
      allowDecimal={false}
      onChange={(value) => value !== '' && onChange(Number(value))}
    />
  )
}
