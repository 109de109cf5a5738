import type { Evaluation } from '../../../api/types'

/** Which evaluations are compared, as the address has them: `of=3,5,8`, the first is the reference. Pure. */

export function readOf(value: unknown): number[] {
  const ids = String(value ?? '')
    .split(',')
    .map(Number)
    .filter((id) => Number.isInteger(id) && id > 0)
  return [...new Set(ids)]
}

export const comparisonsAddress = (ids: readonly number[]): string => `/comparisons?of=${ids.join(',')}`

/** Moved one place to the left (−1) or right (1). */
export function moved(ids: readonly number[], id: number, step: -1 | 1): number[] {
  const at = ids.indexOf(id)
  const to = at + step
  if (at < 0 || to < 0 || to >= ids.length) return [...ids]
  const next = ids.filter((one) => one !== id)
  next.splice(to, 0, id)
  return next
}

export type Unlike = {
  /** The newest revision that one of them was judged on; those judged on another. */
  revision: number
  onOtherLabels: Evaluation[]
  /** Judged on other images than the reference, as far as it can be told. */
  onOtherImages: Evaluation[]
  /** Their counts are at another IoU than the reference's. */
  atOtherIou: Evaluation[]
  /** Judged on images that their checkpoint was trained on. */
  onTrainingImages: Evaluation[]
}

/** Which inputs differ. `common` holds how many images an evaluation shares with the reference, where that is known. */
export function unlike(evaluations: readonly Evaluation[], common: ReadonlyMap<number, number>): Unlike {
  const [reference, ...others] = evaluations
  const revision = Math.max(0, ...evaluations.map((one) => one.revision))
  return {
    revision,
    onOtherLabels: evaluations.filter((one) => one.revision !== revision),
    onOtherImages: reference ? others.filter((one) => imagesDiffer(reference, one, common.get(one.id))) : [],
    atOtherIou: reference ? others.filter((one) => one.iou !== reference.iou) : [],
    onTrainingImages: evaluations.filter((one) => one.on_training_images > 0),
  }
}

function imagesDiffer(reference: Evaluation, other: Evaluation, common: number | undefined): boolean {
  const counts = [reference.counts?.images, other.counts?.images]
  if (common !== undefined) return counts.some((images) => images !== undefined && images !== common)
  return counts[0] !== counts[1]
}
