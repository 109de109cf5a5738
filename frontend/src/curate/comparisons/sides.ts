import type { Evaluation } from '../../api/types'

/** What a side of a comparison is called: its run, else its predictions, with the labels' revision. */
export function sideName(evaluation: Evaluation): string {
  return `${evaluation.prediction_set.run?.name ?? evaluation.prediction_set.name} · r${evaluation.revision}`
}
