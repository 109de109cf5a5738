/**
 * What of one's work on a task outlives the page beside its labels: what can be undone, what is selected, where one
 * looks, what is locked or hidden. In the browser's storage, for the tasks that one worked on last.
 */

import type { KeptView } from '../canvas/viewport'
import type { Told } from './assist/telling'
import type { Content } from './canvas/content'
import type { History } from './canvas/document'
import type { Editor } from './canvas/editor'
import { type Packed, packed, printOf, unpacked } from './canvas/history'

/** `print` says to which boxes it belongs, `version` which of the server's versions that was. */
export type Kept = {
  readonly version: number
  readonly print: string
  readonly steps: Packed
  readonly selection: readonly string[]
  readonly view: KeptView | null
  readonly locked: readonly string[]
  readonly hidden: readonly string[]
  /** What is to be told of help; missing in what was kept before there was any. */
  readonly assists?: readonly Told[]
}

/** Tasks for which it is kept, and boxes of a selection. */
const MOST_TASKS = 20
const MOST_SELECTED = 500
const INDEX = 'halfday.editing'

const keyOf = (person: number, task: number) => `${INDEX}.${person}.${task}`

export function keptNow(editor: Editor, version: number, assists: readonly Told[] = []): Kept {
  const { document, selection, hidden, locks } = editor.state
  return {
    version,
    print: printOf(document.now),
    steps: packed(document.now, document),
    selection: selection.slice(0, MOST_SELECTED),
    view: editor.keptView(),
    locked: [...locks.boxes],
    hidden: [...hidden],
    assists,
  }
}

/** Storage may be full or forbidden; then a reload begins with an empty undo stack, as a new visit does. */
export function writeKept(person: number, task: number, kept: Kept): void {
  const key = keyOf(person, task)
  try {
    localStorage.setItem(key, JSON.stringify(kept))
    const others = keptKeys().filter((one) => one !== key)
    for (const old of others.slice(MOST_TASKS - 1)) localStorage.removeItem(old)
    localStorage.setItem(INDEX, JSON.stringify([key, ...others.slice(0, MOST_TASKS - 1)]))
  } catch {
    dropKept(person, task)
  }
}

export function readKept(person: number, task: number): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(person, task)) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

function dropKept(person: number, task: number): void {
  try {
    localStorage.removeItem(keyOf(person, task))
  } catch {
    // A browser that forbids storage has kept nothing.
  }
}

function keptKeys(): string[] {
  return JSON.parse(localStorage.getItem(INDEX) ?? '[]') as string[]
}

export type Again = {
  readonly history: History | undefined
  /** Steps that can no longer be undone because the labels are not those any more. */
  readonly lost: number
}

/** The steps that lead back from `content`, if what was kept belongs to it. */
export function stepsAgain(kept: Kept | null, content: Content): Again {
  if (!kept) return { history: undefined, lost: 0 }
  if (kept.print !== printOf(content)) return { history: undefined, lost: kept.steps.past.length }
  return { history: unpacked(content, kept.steps), lost: 0 }
}
