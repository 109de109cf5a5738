/** What belongs together while a task is open: the editor, its saving, and the time worked. */

import type { Task } from '../../api/types'
import { Activity } from '../activity'
import { Telling } from '../assist/telling'
import { Autosave, contentOf, type Draft } from '../autosave'
import type { Content } from '../canvas/content'
import { Editor } from '../canvas/editor'
import { dropDraft, readDraft, writeDraft } from '../drafts'
import { readKept, stepsAgain } from '../keeping'
import { type Preferences, readPreferences } from '../preferences'
import { saveTask } from '../queries'
import { Sitting } from '../timing/sitting'

export type Session = {
  readonly editor: Editor
  readonly autosave: Autosave
  readonly activity: Activity
  readonly sitting: Sitting
  readonly telling: Telling
  /** Steps of an earlier visit that can no longer be undone: somebody else saved since. */
  readonly lost: number
}

/** No task was shown since the page was loaded: the first is where a reload left off, and is looked at as it was then. */
let fresh = true

/** A session is shown. Opening one is not enough: React may open it, wait for its words, and open it once more. */
export function sessionShown(): void {
  fresh = false
}

/** What goes along from task to task and not further than this page: what is hidden for the moment, which class is drawn. */
const carried: { boxes: boolean; activeClass: number | null; lockedClasses: ReadonlySet<number> } = {
  boxes: true,
  activeClass: null,
  lockedClasses: new Set(),
}

/** `person` is whose browser's storage is asked for what was kept. */
export function openSession(task: Task, person: number): Session {
  const activity = new Activity()
  const sitting = new Sitting(activity)
  const content = contentOf(task)
  const image = { width: task.image.width, height: task.image.height }
  const preferences = readPreferences(person)
  const kept = readKept(person, task.id)
  const telling = new Telling(activity, kept?.assists)
  const draft = readDraft(task.id, person)
  const latest = draft?.content ?? content
  const { history, lost } = stepsAgain(kept, latest)
  const again = fresh ? kept : null
  const editor = new Editor({
    image,
    content: history ? latest : content,
    suggestions: task.suggestions,
    predictions: task.predictions,
    activeClass: activeClassOf(task, preferences),
    recent: preferences.recent,
    look: { ...preferences.look, boxes: carried.boxes, hiddenClasses: new Set() },
    view: again ? again.view : preferences.look.keepView ? preferences.view : null,
    history,
    selection: stillThere(again?.selection ?? [], history ? latest : content),
    locks: { boxes: new Set(kept?.locked), classes: carried.lockedClasses },
    hidden: new Set(kept?.hidden),
    schema: task.attributes,
  })
  const autosave = new Autosave(
    {
      send: (body, version) => saveTask(task.id, body, version),
      writeDraft: (draft) => writeDraft(task.id, person, draft),
      dropDraft: () => dropDraft(task.id, person),
      sitting: () => sitting.soFar(Date.now()),
      assists: telling,
      now: Date.now,
    },
    content,
    task.version,
    task.state,
  )
  if (draft) restoreDraft(draft, task, editor, autosave)
  return { editor, autosave, activity, sitting, telling, lost: draft ? 0 : lost }
}

function activeClassOf(task: Task, { recent }: Preferences): number {
  const known = (id: number | null | undefined) => task.classes.some((one) => one.id === id)
  const last = known(carried.activeClass) ? carried.activeClass : recent.find(known)
  return last ?? task.classes[0]?.id ?? 0
}

function stillThere(ids: readonly string[], { boxes }: Content): readonly string[] {
  const known = new Set(boxes.map((box) => box.id))
  return ids.filter((id) => known.has(id))
}

/** Unsaved work of an earlier visit comes back: as it was, or as a conflict if somebody saved since. */
function restoreDraft(draft: Draft, task: Task, editor: Editor, autosave: Autosave): void {
  editor.commit('restore', () => draft.content)
  if (draft.version !== task.version) {
    autosave.foundOldDraft(draft, task)
    return
  }
  autosave.change(draft.content)
  if (draft.state) void autosave.save(draft.state)
}

export function rememberLook(editor: Editor): void {
  const { look, activeClass, locks } = editor.state
  carried.boxes = look.boxes
  carried.activeClass = activeClass
  carried.lockedClasses = locks.classes
}
