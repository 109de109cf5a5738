import type { Xyxy } from '../../canvas/box'
import type { LabelBox } from './content'

/** An issue's place: at its box where that is still there, else where it was. */
export type Pin = { readonly id: number; readonly boxId: string; readonly box: Xyxy; readonly says: string }

export type ReviewView = {
  /** All boxes as they were; shown in place of those now while `showBefore`. */
  readonly before: readonly LabelBox[]
  readonly showBefore: boolean
  /** The change that is looked at, and what it is in words. */
  readonly change: {
    readonly before: LabelBox | null
    readonly after: LabelBox | null
    readonly says: string
  } | null
  readonly pins: readonly Pin[]
  readonly pin: number | null
}

export const NO_REVIEW: ReviewView = { before: [], showBefore: false, change: null, pins: [], pin: null }
