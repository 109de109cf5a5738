import { useEffect } from 'react'
import { isTyping, strokeOf } from '../../ui/keys'
import type { ActionContext } from '../canvas/actions/action'
import { performClass, performKey } from '../canvas/actions/list'

/** Keys that belong to a button or link that has the focus. */
const OF_CONTROLS = new Set(['enter', 'space', 'tab', 'shift+tab', 'delete', 'backspace'])

/** Keys of the editor, wherever on the page the focus is, except in fields, dialogs and menus. */
export function useEditorKeys(context: ActionContext, classByKey: ReadonlyMap<string, number>): void {
  useEffect(() => {
    const { editor } = context
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return
      const stroke = strokeOf(event)
      if (OF_CONTROLS.has(stroke) && isControl(event.target)) return
      if (stroke === 'space') editor.holdPan(true)
      else if (!performStroke(stroke)) return
      event.preventDefault()
    }
    const performStroke = (stroke: string): boolean => {
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
  }, [context, classByKey])
}

function isElsewhere(target: EventTarget | null): boolean {
  return isTyping(target) || within(target, '[role=dialog], [role=menu], [data-own-keys]')
}

const isControl = (target: EventTarget | null): boolean => within(target, 'button, a, [role=option], input')

const within = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null
