import type { AugmentationsRequest, Baseline, Run, RunRequest, RunSettings, RunWeights } from '../api/types'

/** A run as it stands in the form. Slices and the baseline are null until chosen. */
export type RunDraft = {
  name: string
  baseline: string | null
  /** `base`, `scratch`, or a checkpoint's id. */
  weights: string
  trainSlices: number[]
  validationSlice: number | null
  /** Null is the newest. */
  revision: number | null
  settings: RunSettings
  evaluate: boolean
  /** What becomes of images to train on that are not labelled. */
  unlabelled: 'leave_out' | 'refuse'
  /** Also train the control: the same on what the parent was trained on. */
  control: boolean
}

export function emptyDraft(slice?: number, name = ''): RunDraft {
  return {
    name,
    baseline: null,
    weights: 'base',
    trainSlices: slice ? [slice] : [],
    validationSlice: null,
    revision: null,
    settings: {},
    evaluate: true,
    unlabelled: 'leave_out',
    control: false,
  }
}

export type Missing = 'name' | 'runSlices' | 'validationSlice'

/** What a run still needs before it can start, in the order of the form. */
export function missingOf(draft: Pick<RunDraft, 'name' | 'trainSlices' | 'validationSlice'>): Missing[] {
  const found: Missing[] = []
  if (!draft.name.trim()) found.push('name')
  if (draft.trainSlices.length === 0) found.push('runSlices')
  if (!draft.validationSlice) found.push('validationSlice')
  return found
}

/** "Train with more data": the parent's data, settings and best weights, on the newest labels. */
export function draftFromParent(parent: Run, name: string, extraSlice?: number): RunDraft {
  const best = parent.checkpoints.find(({ kind }) => kind === 'best') ?? parent.checkpoints[0]
  const slices = parent.train_slices.map(({ id }) => id)
  return {
    ...emptyDraft(),
    name,
    baseline: parent.baseline,
    weights: best ? String(best.id) : 'scratch',
    trainSlices: extraSlice && !slices.includes(extraSlice) ? [...slices, extraSlice] : slices,
    validationSlice: parent.validation_slice.id,
    settings: parent.settings,
    control: true,
  }
}

/** A control of a run: the same training on what that run's parent was trained on. */
export function draftOfControl(run: Run, parent: Run | undefined, name: string): RunDraft {
  const source = parent ?? run
  return {
    ...emptyDraft(),
    name,
    baseline: run.baseline,
    weights: weightsChoice(run.weights),
    trainSlices: source.train_slices.map(({ id }) => id),
    validationSlice: run.validation_slice.id,
    revision: source.revision,
    settings: run.settings,
  }
}

function weightsChoice(weights: RunWeights): string {
  return weights.kind === 'checkpoint' && weights.checkpoint ? String(weights.checkpoint) : weights.kind
}

/** The baseline to offer first: the smallest that has weights, else the smallest. */
export function firstBaseline(baselines: Baseline[]): Baseline | undefined {
  const bySize = [...baselines].sort((a, b) => a.params - b.params)
  return bySize.find((one) => one.weights_available) ?? bySize[0]
}

/** The choice if the baseline has it, else its best: base weights before scratch. */
export function fittingWeights(baseline: Baseline | undefined, choice: string, others: string[]): string {
  const offered = baseline?.weights.map(({ id }) => id) ?? []
  if (offered.includes(choice) || others.includes(choice)) return choice
  return offered.find((id) => id !== 'scratch') ?? 'scratch'
}

/** What the API is asked for. Only settings that differ from the baseline's defaults are sent. */
export function toRequest(
  draft: RunDraft,
  dataset: number,
  defaults: RunSettings,
  links: { parent?: number; control_of?: number },
): RunRequest {
  return {
    dataset,
    name: draft.name.trim(),
    baseline: draft.baseline ?? undefined,
    weights: toWeights(draft.weights),
    train_slices: draft.trainSlices,
    validation_slice: draft.validationSlice ?? 0,
    revision: draft.revision ?? undefined,
    ...links,
    settings: Object.fromEntries(
      Object.entries(draft.settings).filter(([name, value]) => links.parent || value !== defaults[name]),
    ),
    evaluate: draft.evaluate,
    ...(draft.unlabelled === 'refuse' ? { unlabelled: 'refuse' as const } : {}),
  }
}

/** What pictures are shown of: the run's data and settings. */
export function augmentationsWish(
  draft: RunDraft,
  dataset: number,
  defaults: RunSettings,
  parent?: number,
): AugmentationsRequest {
  const { baseline, weights, train_slices, revision, settings } = toRequest(draft, dataset, defaults, {
    parent,
  })
  return { dataset, baseline, weights, train_slices, revision, parent, settings }
}

function toWeights(choice: string): RunWeights {
  return choice === 'base' || choice === 'scratch'
    ? { kind: choice }
    : { kind: 'checkpoint', checkpoint: Number(choice) }
}

/** The control that goes with a run that has a parent. */
export function controlRequest(run: RunRequest, parent: Run, name: string): RunRequest {
  return {
    ...run,
    name,
    train_slices: parent.train_slices.map(({ id }) => id),
    revision: parent.revision,
  }
}

/** Optimiser steps of a run: what decides on small data. */
export function steps(images: number, settings: RunSettings): number | null {
  const [epochs, batch] = [Number(settings.epochs), Number(settings.batch)]
  if (!images || !epochs || !batch) return null
  return epochs * Math.ceil(images / batch)
}

/** The form of an experiment with the same parent, or the slice that this run was to be trained on. */
export function experimentAddress(dataset: number, parent: number | undefined, slices: number[]): string {
  const search = parent ? `?parent=${parent}` : slices[0] ? `?slice=${slices[0]}` : ''
  return `/model/${dataset}/experiments/new${search}`
}
