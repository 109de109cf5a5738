/** What belongs together while a task is open: the editor, its saving, and the time worked. */

import type { Task } from '../../api/types'
import { Activity } from '../activity'
import { Autosave, contentOf } from '../autosave'
import { Editor, type Look, PLAIN_LOOK } from '../canvas/editor'
import { dropDraft, readDraft, writeDraft } from '../drafts'
import { saveTask } from '../queries'

export type Session = { readonly editor: Editor; readonly autosave: Autosave; readonly activity: Activity }

/** How pictures are looked at goes along from task to task; so does the class drawn last. */
const carried: { look: Look; activeClass: number | null } = { look: PLAIN_LOOK, activeClass: null }

export function openSession(task: Task): Session {
  const activity = new Activity()
  const content = contentOf(task)
  const image = { width: task.image.width, height: task.image.height }
  const known = task.classes.some(({ id }) => id === carried.activeClass)
  const editor = new Editor({
    image,
    content,
    suggestions: task.suggestions,
    predictions: task.predictions,
    activeClass: (known ? carried.activeClass : task.classes[0]?.id) ?? 0,
    look: carried.look,
    schema: task.attributes,
  })
  const autosave = new Autosave(
    {
      send: (body, version) => saveTask(task.id, body, version),
      writeDraft: (draft) => writeDraft(task.id, draft),
      dropDraft: () => dropDraft(task.id),
      takeSeconds: () => activity.take(Date.now()),
      giveSecondsBack: (seconds) => activity.giveBack(seconds),
      now: Date.now,
    },
    content,
    task.version,
    task.state,
  )
  restoreDraft(task, editor, autosave)
  return { editor, autosave, activity }
}

/** Unsaved work of an earlier visit comes back: as it was, or as a conflict if somebody saved since. */
function restoreDraft(task: Task, editor: Editor, autosave: Autosave): void {
  const draft = readDraft(task.id)
  if (!draft) return
  editor.commit('restore', () => draft.content)
  if (draft.version !== task.version) {
    autosave.foundOldDraft(draft, task)
    return
  }
  autosave.change(draft.content)
  if (draft.state) void autosave.save(draft.state)
}

export function rememberLook(editor: Editor): void {
  const { look, activeClass } = editor.state
  carried.look = { ...look, hiddenClasses: new Set() }
  carried.activeClass = activeClass
}
