/** What a label task holds: boxes, and verdicts on the suggestions about them. */

import type { FinerShape } from '../../api/types'
import type { Xyxy } from '../../canvas/box'

export type Provenance = 'imported' | 'human' | 'model'
/** Whether a box counts, or how it is ignored: as one thing, as many of its class, as anything. */
export type Ignore = 'no' | 'region' | 'crowd' | 'anything'

/** `id` is `o<object_id>` for an object that Curate knows and `n<uuid>` for one drawn here. */
export type LabelBox = {
  readonly id: string
  readonly object_id: number | null
  readonly class_id: number
  readonly box: Xyxy
  /** Finer than the box; null: it has none any more, whatever the server has. */
  readonly shape?: FinerShape | null | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly ignore: Ignore
  readonly provenance: Provenance
}

export type Verdict = 'pending' | 'accepted' | 'corrected' | 'rejected'
export type SuggestionKind = 'wrong_class' | 'missing' | 'spurious' | 'badly_drawn'
export type Labelled = { readonly class_id: number; readonly box: Xyxy }

export type Suggestion = {
  readonly id: number
  readonly object_id: number | null
  readonly kind: SuggestionKind
  readonly score: number
  readonly reason: string
  readonly reason_code: string
  readonly reason_params: Readonly<Record<string, string | number>>
  readonly given: Labelled | null
  readonly proposed: Labelled | null
}

/** A verdict and the box that carries it out, so that a later edit of that box turns "accepted" into "corrected". */
export type Decision = { readonly verdict: Verdict; readonly boxId: string | null }

export type Content = {
  readonly boxes: readonly LabelBox[]
  readonly decisions: Readonly<Record<number, Decision>>
}
