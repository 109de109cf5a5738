export type Place = 'datasets' | 'curate' | 'label' | 'model' | 'jobs' | 'settings'

const PLACES: [RegExp, Place][] = [
  [/^\/(curate|evaluations|comparisons|projects\/\d+\/evaluations)\b/, 'curate'],
  [/^\/(label|batches|tasks)\b/, 'label'],
  [/^\/(model|runs|experiments|searches|endpoints|gate-results)\b/, 'model'],
  [/^\/jobs\b/, 'jobs'],
  [/^\/(settings|notices)\b/, 'settings'],
]

/** The place of the rail that a front-end path belongs to. */
export function placeOf(path: string): Place {
  return PLACES.find(([pattern]) => pattern.test(path))?.[1] ?? 'datasets'
}
