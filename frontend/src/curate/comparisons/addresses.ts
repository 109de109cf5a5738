/** Ways from a number of a comparison to what it counts. Pure. */

export type ChangedWord = 'fixed' | 'broken' | 'fp_gone' | 'fp_new'

type Asked = {
  verdicts?: string
  errors?: string
  classes?: number
  cell?: string
  changed?: ChangedWord
  comparison?: number
}

/** The object grid of an evaluation's boxes under conditions. */
export function objectsAddress(dataset: number, evaluation: number, asked: Asked): string {
  const search = new URLSearchParams({ view: 'objects', evaluation: String(evaluation) })
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return `/datasets/${dataset}?${search}`
}

type Compared = { id: number; dataset: number; pair: { a: number; b: number } | null }

/** The objects that changed so: as the later evaluation sees them, but what has gone only the earlier has. */
export function changedAddress(comparison: Compared, changed: ChangedWord, classId?: number): string {
  const { id, dataset, pair } = comparison
  const evaluation = (changed === 'fp_gone' ? pair?.a : pair?.b) ?? 0
  return objectsAddress(dataset, evaluation, { comparison: id, changed, classes: classId })
}

/** The boxes of a cell of the confusion matrix on one side, on the images that both judged; null is the background. */
export function cellAddress(
  comparison: Compared,
  side: 'a' | 'b',
  truth: number | null,
  predicted: number | null,
): string {
  const { id, dataset, pair } = comparison
  const cell = `${truth ?? 0}:${predicted ?? 0}`
  return objectsAddress(dataset, pair?.[side] ?? 0, { comparison: id, cell })
}

/** Images on which the later has fewer, or more, errors. */
export function imagesAddress({ id, dataset, pair }: Compared, word: 'improved' | 'worsened'): string {
  const search = new URLSearchParams({ q: `${word}(comparison = ${id})`, evaluation: String(pair?.b ?? 0) })
  return `/datasets/${dataset}?${search}`
}
