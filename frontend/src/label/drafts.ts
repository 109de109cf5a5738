import type { Draft } from './autosave'
import type { Clipboard } from './canvas/editor'

/** What must outlive the page: unsaved work of a task, copied boxes. Storage may be full or forbidden; then it is not kept. */

/** Of one person: whoever signs in next at this machine may have a copy of their own of the same task. */
const draftKey = (task: number, person: number) => `halfday.draft.task.${task}.${person}`

export function readDraft(task: number, person: number): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(draftKey(task, person)) ?? 'null') as Draft | null
  } catch {
    return null
  }
}

export function writeDraft(task: number, person: number, draft: Draft): void {
  try {
    localStorage.setItem(draftKey(task, person), JSON.stringify(draft))
  } catch {
    // Without storage the edits still live in the page; the save note says that they are not on the server yet.
  }
}

export function dropDraft(task: number, person: number): void {
  try {
    localStorage.removeItem(draftKey(task, person))
  } catch {
    // A browser that forbids storage has kept no draft either.
  }
}

/** One clipboard for all tasks of this tab, so that boxes can be carried from frame to frame. */
export const clipboard: Clipboard = { image: null, boxes: [] }
