import type { RunSettings, Searchable, SearchRequest, SettingRange } from '../../api/types'
import { type Missing as MissingOfRun, missingOf as missingOfRun, type RunDraft, toRequest } from '../draft'

/** A search as it stands in the form: the unchanged training, and what is tried. */
export type SearchDraft = RunDraft & {
  ranges: SettingRange[]
  trials: number
  repeats: number
  /** Null: as long as it takes. */
  minutes: number | null
  prune: boolean
}

/** The range that is proposed for a setting. */
export function proposedRange({ name, low, high, log, choices }: Searchable): SettingRange {
  return choices.length > 0 ? { name, log: false, choices } : { name, low, high, log }
}

export type Missing = MissingOfRun | 'ranges' | 'trials' | 'repeats'

/** What must be said before it can start, in the order of the form. */
export function missingOf(draft: SearchDraft): Missing[] {
  const found: Missing[] = missingOfRun(draft)
  if (draft.ranges.length === 0 || !draft.ranges.every(isWhole)) found.push('ranges')
  if (!(draft.trials >= 1)) found.push('trials')
  if (!(draft.repeats >= 2 && draft.repeats <= 10)) found.push('repeats')
  return found
}

/** Whether a range says where to look. */
export function isWhole({ low, high, choices }: SettingRange): boolean {
  if (choices) return choices.length >= 2
  return typeof low === 'number' && typeof high === 'number' && low < high
}

/** What the API is asked for. */
export function searchRequest(draft: SearchDraft, dataset: number, defaults: RunSettings): SearchRequest {
  const { evaluate: _, control_of: __, parent: ___, ...run } = toRequest(draft, dataset, defaults, {})
  const { ranges, trials, repeats, minutes, prune } = draft
  return { ...run, ranges, trials, repeats, ...(minutes !== null && { minutes }), prune }
}
