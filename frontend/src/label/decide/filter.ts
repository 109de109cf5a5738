import type { SuggestionKind } from '../../api/types'
import { whole } from '../../ui/address'

/** Which suggestions are shown. Those decided already are shown only with `every`. */
export type GridFilter = {
  readonly kind?: SuggestionKind
  readonly class_id?: number
  readonly smallest_score?: number
  readonly every?: true
}

export const KINDS: readonly SuggestionKind[] = ['wrong_class', 'missing', 'spurious', 'badly_drawn']

/** What an address says of it; what makes no sense is left out. */
export function readFilter(search: Record<string, unknown>): GridFilter {
  const score = Number(search.smallest_score)
  return {
    kind: KINDS.find((one) => one === search.kind),
    class_id: whole(search.class_id),
    smallest_score: score > 0 && score <= 1 ? score : undefined,
    every: search.every === true ? true : undefined,
  }
}
