import type { Comparison, Evaluation } from '../../api/types'

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
  /** The newest revision that one of them was judged on. */
  revision: number
  /** On other labels than the reference, as their comparison found. */
  onOtherLabels: Evaluation[]
  /** At another revision than the reference; whether its labels differ on these images nobody has looked yet. */
  atOtherRevision: Evaluation[]
  /** On other images than the reference, as far as it can be told. */
  onOtherImages: Evaluation[]
  /** Their boxes are judged at another IoU than the reference's. */
  atOtherIou: Evaluation[]
  /** Judged on images that their checkpoint was trained on. */
  onTrainingImages: Evaluation[]
}

type Compared = Pick<Comparison, 'same_labels' | 'images'>

/** Which inputs differ. The comparisons are those with the reference, by the other's id. */
export function unlike(
  evaluations: readonly Evaluation[],
  comparisons: ReadonlyMap<number, Compared>,
): Unlike {
  const reference = evaluations[0]
  const others = (differs: (one: Evaluation, reference: Evaluation) => boolean) =>
    reference ? evaluations.slice(1).filter((one) => differs(one, reference)) : []
  const sameLabels = (one: Evaluation) => comparisons.get(one.id)?.same_labels ?? null
  return {
    revision: Math.max(0, ...evaluations.map((one) => one.revision)),
    onOtherLabels: others((one) => sameLabels(one) === false),
    atOtherRevision: others((one, { revision }) => sameLabels(one) === null && one.revision !== revision),
    onOtherImages: others((one, first) => imagesDiffer(first, one, comparisons.get(one.id)?.images ?? null)),
    atOtherIou: others((one, first) => one.iou !== first.iou),
    onTrainingImages: evaluations.filter((one) => one.on_training_images > 0),
  }
}

function imagesDiffer(reference: Evaluation, other: Evaluation, common: number | null): boolean {
  const counts = [reference.counts?.images, other.counts?.images]
  if (common !== null) return counts.some((images) => images !== undefined && images !== common)
  return counts[0] !== counts[1]
}
