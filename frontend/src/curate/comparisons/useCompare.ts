import type { Comparison, Evaluation, Job } from '../../api/types'
import { useGo } from '../../ui/PathLink'
import { toastProblem } from '../../ui/toast'
import { useStartComparison } from '../evaluations/queries'

/** Asks for the comparison of two evaluations, the older as the first, and goes to it. */
export function useCompare(dataset: number) {
  const start = useStartComparison(dataset)
  const go = useGo()
  const compare = (one: Evaluation, other: Evaluation) => {
    const [a, b] = [one.id, other.id].sort((x, y) => x - y) as [number, number]
    start.mutate({ a, b }, { onSuccess: (found) => go(placeOf(found)), onError: toastProblem })
  }
  return { compare, pending: start.isPending }
}

/** Where a comparison is, or will be when its job has made it. */
function placeOf(found: Comparison | Job): string {
  return 'link' in found && found.link ? found.link : `/comparisons/${found.id}`
}
