import { useEffect } from 'react'
import { isTyping, strokeOf } from '../../ui/keys'
import type { ActionContext } from '../canvas/actions/action'
import { performClass, performCode, performKey } from '../canvas/actions/list'

/** Keys that belong to a button or link that has the focus. */
const OF_CONTROLS = new Set(['enter', 'space', 'tab', 'shift+tab', 'delete', 'backspace'])

/** Held on the way to a stroke; a stroke of its own neither ends nor begins anything. */
const MODIFIERS = /^(Shift|Control|Alt|Meta|CapsLock)$/

/** Keys of the editor, wherever on the page the focus is, except in fields, dialogs and menus. */
export function useEditorKeys(context: ActionContext, keyOfClass: ReadonlyMap<number, string>): void {
  useEffect(() => {
    const { editor } = context
    const classByKey = new Map([...keyOfClass].map(([id, key]) => [key, id]))
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return
      const stroke = strokeOf(event)
      if (MODIFIERS.test(event.key)) return
      if (OF_CONTROLS.has(stroke) && isControl(event.target)) return
      if (stroke === 'space') editor.holdPan(true)
      else if (!performStroke(stroke)) return
      event.preventDefault()
    }
    const performStroke = (stroke: string): boolean => {
      if (editor.state.chord !== null && performCode(stroke, keyOfClass, context)) return true
      if (performKey(stroke, context)) return true
      const classId = classByKey.get(stroke)
      if (classId !== undefined) performClass(classId, context)
      return classId !== undefined
    }
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.key === ' ') editor.holdPan(false)
    }
    window.addEventListener('keydown', onKeyDown)
    window.addEventListener('keyup', onKeyUp)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      window.removeEventListener('keyup', onKeyUp)
    }
  }, [context, keyOfClass])
}

function isElsewhere(target: EventTarget | null): boolean {
  return isTyping(target) || within(target, '[role=dialog], [role=menu], [data-own-keys]')
}

const isControl = (target: EventTarget | null): boolean => within(target, 'button, a, [role=option], input')

const within = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null
