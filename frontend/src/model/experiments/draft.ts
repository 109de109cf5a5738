import type { Experiment, ExperimentRequest, Run, RunRequest, RunSettings } from '../../api/types'
import { draftFromParent, emptyDraft, type RunDraft, toRequest } from '../draft'

/** An experiment as it stands in the form: the treatment's run, and what goes beside it. */
export type ExperimentDraft = RunDraft & {
  seeds: number
  controlSlices: number[]
  /** Null: the parent's, or without one the treatment's. */
  controlRevision: number | null
  match: Experiment['match']
  earlyStop: boolean
  watched: number[]
}

/** Carries a parent on with its slices and one more; without one, from nothing. */
export function firstDraft(parent: Run | undefined, name: string, slice?: number): ExperimentDraft {
  const run = parent ? draftFromParent(parent, name, slice) : { ...emptyDraft(slice), name }
  return {
    ...run,
    control: true,
    seeds: 3,
    controlSlices: parent?.train_slices.map(({ id }) => id) ?? [],
    controlRevision: parent?.revision ?? null,
    match: 'steps',
    earlyStop: true,
    watched: [],
  }
}

export type Missing = 'name' | 'trainSlices' | 'validationSlice' | 'controlSlices' | 'seeds'

/** What must be said before it can start, in the order of the form. */
export function missingOf(draft: ExperimentDraft): Missing[] {
  const found: Missing[] = []
  if (!draft.name.trim()) found.push('name')
  if (draft.trainSlices.length === 0) found.push('trainSlices')
  if (!draft.validationSlice) found.push('validationSlice')
  if (!(draft.seeds >= 1 && draft.seeds <= 10)) found.push('seeds')
  if (draft.control && draft.controlSlices.length === 0) found.push('controlSlices')
  return found
}

/** Whether both arms would be trained on the same images and labels, so that only chance could be shown. */
export function sameData(draft: ExperimentDraft, head: number | undefined): boolean {
  const key = (ids: number[]) => [...ids].sort((a, b) => a - b).join()
  const revision = draft.revision ?? head
  return (
    draft.trainSlices.length > 0 &&
    key(draft.trainSlices) === key(draft.controlSlices) &&
    (draft.controlRevision ?? revision) === revision
  )
}

/** What the API is asked for. */
export function experimentRequest(
  draft: ExperimentDraft,
  dataset: number,
  defaults: RunSettings,
  parent: number | undefined,
): ExperimentRequest {
  const { evaluate: _, control_of: __, ...run } = toRequest(draft, dataset, defaults, { parent })
  return {
    ...run,
    seeds: draft.seeds,
    control: draft.control,
    ...(draft.control && { control_slices: draft.controlSlices, match: draft.match }),
    ...(draft.control && draft.controlRevision !== null && { control_revision: draft.controlRevision }),
    early_stop: draft.earlyStop,
    ...(draft.watched.length > 0 && { watched_slices: draft.watched }),
  }
}

/** One epoch of the treatment, to see how fast it goes. */
export function measureRequest(request: ExperimentRequest, name: string): RunRequest {
  const { dataset, baseline, weights, train_slices, validation_slice, revision, parent, settings } = request
  return {
    dataset,
    name,
    baseline,
    weights,
    train_slices,
    validation_slice,
    revision,
    parent,
    settings: { ...settings, epochs: 1, warmup_epochs: 0 },
    evaluate: false,
  }
}

/** The first name that no experiment has yet. */
export function freeName(wanted: string, taken: string[]): string {
  const candidates = [wanted, ...taken.map((_, index) => `${wanted} ${index + 2}`)]
  return candidates.find((one) => !taken.includes(one)) ?? wanted
}
