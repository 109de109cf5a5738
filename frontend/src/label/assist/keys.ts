/** Keys that mean something else while offers are looked at. */

import type { Editor } from '../canvas/editor'
import { liveOffer } from './state'
import { focusGhost, nextOffer, refuseFocused, refuseOffer, takeAllGhosts, takeFocused } from './taking'

const STEPS: Record<string, 1 | -1> = { tab: 1, 'shift+tab': -1 }
const THRESHOLDS: Record<string, 1 | -1> = { arrowright: 1, arrowup: 1, arrowleft: -1, arrowdown: -1 }
const REFUSES = new Set(['r', 'x', 'delete', 'backspace'])

/** The slider of "fill": where it begins and ends, and its step. */
export const GHOSTS = { min: 0.05, max: 0.95, step: 0.05 }

/** Performs what `word` means for the offers; false where it means nothing for them. */
export function performAssistKey(word: string, editor: Editor): boolean {
  if (editor.state.tool === 'fill') return inFill(word, editor)
  return liveOffer(editor.state) !== null && afterClick(word, editor)
}

function afterClick(word: string, editor: Editor): boolean {
  const step = STEPS[word]
  if (step) nextOffer(editor, step)
  else if (word === 'escape' && !editor.tool.busy) refuseOffer(editor)
  else return false
  return true
}

function inFill(word: string, editor: Editor): boolean {
  const step = STEPS[word]
  const more = THRESHOLDS[word]
  if (step) return focusGhost(editor, step)
  if (more) setThreshold(editor, editor.state.look.ghostsFrom + more * GHOSTS.step)
  else if (word === 'enter') takeAllGhosts(editor)
  else if (word === 'a') return takeFocused(editor)
  else if (REFUSES.has(word)) return refuseFocused(editor)
  else return false
  return true
}

export function setThreshold(editor: Editor, value: number): void {
  const inside = Math.min(Math.max(value, GHOSTS.min), GHOSTS.max)
  editor.setLook({ ghostsFrom: Math.round(inside * 100) / 100 })
}
