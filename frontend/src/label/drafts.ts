import type { Draft } from './autosave'
import type { Clipboard } from './canvas/editor'

/** What must outlive the page: unsaved work of a task, copied boxes. Storage may be full or forbidden; then it is not kept. */

const draftKey = (task: number) => `halfday.draft.task.${task}`

export function readDraft(task: number): Draft | null {
  flushDrafts()
  try {
    return JSON.parse(localStorage.getItem(draftKey(task)) ?? 'null') as Draft | null
  } catch {
    return null
  }
}

/** A draft of so many boxes takes long enough to write that it waits for a pause in the work. */
const MANY = 500
const PAUSE = 250 // milliseconds

const waiting = new Map<number, Draft>()
let timer: ReturnType<typeof setTimeout> | undefined

export function writeDraft(task: number, draft: Draft): void {
  waiting.set(task, draft)
  if (draft.content.boxes.length < MANY) flushDrafts()
  else timer ??= setTimeout(flushDrafts, PAUSE)
}

/** Writes the drafts that wait: after a pause, and at once when the page is left or hidden. */
export function flushDrafts(): void {
  clearTimeout(timer)
  timer = undefined
  for (const [task, draft] of waiting) writeNow(task, draft)
  waiting.clear()
}

function writeNow(task: number, draft: Draft): void {
  try {
    localStorage.setItem(draftKey(task), JSON.stringify(draft))
  } catch {
    // Without storage the edits still live in the page; the save note says that they are not on the server yet.
  }
}

export function dropDraft(task: number): void {
  waiting.delete(task)
  try {
    localStorage.removeItem(draftKey(task))
  } catch {
    // A browser that forbids storage has kept no draft either.
  }
}

/** One clipboard for all tasks of this tab, so that boxes can be carried from frame to frame. */
export const clipboard: Clipboard = { image: null, boxes: [] }
