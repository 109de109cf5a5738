import type { Draft } from './autosave'
import type { Clipboard } from './canvas/editor'

/** What must outlive the page: unsaved work of a task, copied boxes. Storage may be full or forbidden; then it is not kept. */

/** Of one person: whoever signs in next at this machine may have a copy of their own of the same task. */
const draftKey = (task: number, person: number) => `halfday.draft.task.${task}.${person}`

export function readDraft(task: number, person: number): Draft | null {
  flushDrafts()
  try {
    return JSON.parse(localStorage.getItem(draftKey(task, person)) ?? 'null') as Draft | null
  } catch {
    return null
  }
}

/** A draft of so many boxes takes long enough to write that it waits for a pause in the work. */
const MANY = 500
const PAUSE = 250 // milliseconds

const waiting = new Map<string, Draft>()
let timer: ReturnType<typeof setTimeout> | undefined

export function writeDraft(task: number, person: number, draft: Draft): void {
  waiting.set(draftKey(task, person), draft)
  if (draft.content.boxes.length < MANY) flushDrafts()
  else timer ??= setTimeout(flushDrafts, PAUSE)
}

/** Writes the drafts that wait: after a pause, and at once when the page is left or hidden. */
export function flushDrafts(): void {
  clearTimeout(timer)
  timer = undefined
  for (const [key, draft] of waiting) writeNow(key, draft)
  waiting.clear()
}

function writeNow(key: string, draft: Draft): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // Without storage the edits still live in the page; the save note says that they are not on the server yet.
  }
}

export function dropDraft(task: number, person: number): void {
  waiting.delete(draftKey(task, person))
  try {
    localStorage.removeItem(draftKey(task, person))
  } catch {
    // A browser that forbids storage has kept no draft either.
  }
}

/** One clipboard for all tasks of this tab, so that boxes can be carried from frame to frame. */
export const clipboard: Clipboard = { image: null, boxes: [] }
