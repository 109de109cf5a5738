/** What a detector offers in the open image, and which of it is being looked at. Nothing of it is part of the labels. */

import type { Point } from '../../canvas/box'
import type { LabelDocument } from '../canvas/document'
import { type Candidate, ghostsFrom, type Offer } from './offers'

/** The last click and what was offered for it; `at` is the one that stands there as `boxId`. */
export type ClickOffer = {
  readonly offers: readonly Offer[]
  readonly at: number
  readonly boxId: string
}

export type AssistState = {
  /** Null until the detector has answered. */
  readonly candidates: readonly Candidate[] | null
  /** The checkpoint that they are of. */
  readonly checkpoint: number | null
  readonly offer: ClickOffer | null
  /** A click for which there was nothing. */
  readonly missed: boolean
  /** A click made before the detector had answered (image pixels): it is done when it has. */
  readonly waiting: Point | null
  /** Ghosts that were refused, by the place of their candidate. */
  readonly refused: ReadonlySet<number>
  /** The ghost that is looked at. */
  readonly focused: number | null
}

export const NO_ASSIST: AssistState = {
  candidates: null,
  checkpoint: null,
  offer: null,
  missed: false,
  waiting: null,
  refused: new Set(),
  focused: null,
}

/** Steps of one click merge under this key: the box, another offer, another class. */
export const offerKey = (boxId: string): string => `offer ${boxId}`

/** What of the editor's state the offers are made from. */
export type GhostParts = {
  readonly assist: AssistState
  readonly look: { readonly ghostsFrom: number }
  readonly document: LabelDocument
}
export type OfferParts = Omit<GhostParts, 'look'> & { readonly selection: readonly string[] }

/** The last click's offers, while nothing else was done since: Tab goes on among them. */
export function liveOffer({ assist: { offer }, document, selection }: OfferParts): ClickOffer | null {
  if (!offer || document.past.at(-1)?.mergeKey !== offerKey(offer.boxId)) return null
  return selection.length === 1 && selection[0] === offer.boxId ? offer : null
}

let last: { readonly parts: readonly unknown[]; readonly ghosts: readonly Offer[] } = {
  parts: [],
  ghosts: [],
}

export const ghostParts = ({ assist, look, document }: GhostParts): readonly unknown[] => [
  assist.candidates,
  assist.refused,
  look.ghostsFrom,
  document.now.boxes,
]

/** What "fill" shows: all that the detector is sure enough of, that has no box and was not refused. */
export function ghostsOf(state: GhostParts): readonly Offer[] {
  const parts = ghostParts(state)
  if (parts.every((part, at) => part === last.parts[at])) return last.ghosts
  const { candidates, refused } = state.assist
  const labelled = state.document.now.boxes.map(({ box }) => box)
  const all = ghostsFrom(candidates ?? [], state.look.ghostsFrom, labelled)
  last = { parts, ghosts: all.filter(({ index }) => !refused.has(index)) }
  return last.ghosts
}

export const focusedGhost = (state: GhostParts): Offer | null =>
  ghostsOf(state).find(({ index }) => index === state.assist.focused) ?? null
