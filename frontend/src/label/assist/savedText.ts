import type { TFunction } from 'i18next'
import { duration } from '../../ui/format'

type T = TFunction<'label/assist'>

/** Time saved, or lost. */
export function savedText(seconds: number, t: T): string {
  return t(seconds >= 0 ? 'part.saved' : 'part.lost', { time: duration(Math.abs(seconds)) })
}
