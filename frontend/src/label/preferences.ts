/** How a person likes to look at images, from image to image and after a reload; kept in the browser, apart for each person. */

import type { KeptView } from '../canvas/viewport'
import { type Look, PLAIN_LOOK } from './canvas/editor'

/** That boxes or classes are hidden is for the moment; after a reload they are there. */
type KeptLook = Omit<Look, 'boxes' | 'hiddenClasses'>

export type Preferences = {
  readonly look: Look
  /** Where one looked last; used where zoom and place are to go along. */
  readonly view: KeptView | null
  /** Ids of the classes used last, the latest first. */
  readonly recent: readonly number[]
}

const NONE: Preferences = { look: PLAIN_LOOK, view: null, recent: [] }
const keyOf = (person: number) => `halfday.editor.${person}`

/** As they are now in this page: the next image opens before the storage has been written. */
const live = new Map<number, Preferences>()

export function rememberPreferences(person: number, preferences: Preferences): void {
  live.set(person, preferences)
}

export function readPreferences(person: number): Preferences {
  return live.get(person) ?? storedPreferences(person)
}

function storedPreferences(person: number): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(person)) ?? '{}') as Partial<Preferences>
    return { ...NONE, ...kept, look: { ...PLAIN_LOOK, ...kept.look, boxes: true, hiddenClasses: new Set() } }
  } catch {
    return NONE
  }
}

export function writePreferences(person: number): void {
  const { look, view, recent } = readPreferences(person)
  const { boxes: _, hiddenClasses: __, ...kept } = look
  const words: Omit<Preferences, 'look'> & { look: KeptLook } = { look: kept, view, recent }
  try {
    localStorage.setItem(keyOf(person), JSON.stringify(words))
  } catch {
    // Without storage they are good for this page only.
  }
}
