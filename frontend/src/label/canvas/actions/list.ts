/**
 * Everything that can be done in the editor, once: an action is a value with keys, a label and `perform`. Toolbar, menu,
 * palette, shortcut sheet and keyboard read the same list. `label:action.<id>` is its text.
 */

import { performAssistKey } from '../../assist/keys'
import { liveOffer, offerKey } from '../../assist/state'
import { takeFocused } from '../../assist/taking'
import { CODE_KEY, codesFrom } from '../classKeys'
import { setClass } from '../document'
import { performPointKey } from '../pointKeys'
import type { Action, ActionContext } from './action'
import { arrangeActions } from './arrange'
import { assistActions } from './assist'
import { attributeActions } from './attributes'
import { boxActions, nudgeActions } from './boxes'
import { reviewActions } from './review'
import { shapeActions } from './shapes'
import { suggestionActions } from './suggestions'
import { taskActions } from './task'
import { toolActions } from './tools'
import { trackActions } from './tracks'
import { viewActions } from './view'

export const ACTIONS: readonly Action[] = [
  ...toolActions,
  ...boxActions,
  ...nudgeActions,
  ...arrangeActions,
  ...shapeActions,
  ...attributeActions,
  ...suggestionActions,
  ...assistActions,
  ...reviewActions,
  ...viewActions,
  ...trackActions,
  ...taskActions,
]

const BY_KEY = new Map(ACTIONS.flatMap((action) => action.keys.map((key) => [key, action] as const)))

/** Keys that a class cannot have; `g` begins the frame's ways to other pages. */
export const ACTION_KEYS: ReadonlySet<string> = new Set([...BY_KEY.keys(), 'space', 'g', CODE_KEY])

export function actionById(id: string): Action {
  const action = ACTIONS.find((one) => one.id === id)
  if (!action) throw new Error(`No action ${id}`)
  return action
}

/** Performs what `word` stands for; false where it stands for nothing that can be done now. */
export function performKey(word: string, context: ActionContext): boolean {
  if (context.editor.toolKey(word)) return true
  if (performAssistKey(word, context.editor) || performPointKey(word, context.editor)) return true
  const action = BY_KEY.get(word)
  if (!action?.enabled(context)) return false
  action.perform(context)
  return true
}

/** A class key: relabels what is selected, otherwise it is the class to draw next. */
export function performClass(classId: number, { editor }: ActionContext): void {
  if (takeFocused(editor, classId)) return
  const offer = liveOffer(editor.state)
  const key = offer ? offerKey(offer.boxId) : undefined
  if (editor.selection.length > 0) editor.commit('class', setClass(editor.selection, classId), key)
  editor.setActiveClass(classId)
}

/**
 * The next stroke of a class's code: goes on, gives the class, or ends it where no code has that sign. A stroke with a
 * modifier ends it and is for whoever else wants it (false).
 */
export function performCode(
  word: string,
  keys: ReadonlyMap<number, string>,
  context: ActionContext,
): boolean {
  const { editor } = context
  const typed = `${editor.state.chord ?? ''}${word}`
  const found = word.length === 1 ? codesFrom(keys, typed) : []
  const whole = found.find(({ rest }) => rest === '')
  editor.setChord(whole || found.length === 0 ? null : typed)
  if (whole) performClass(whole.id, context)
  return word.length === 1 || word === 'escape'
}
