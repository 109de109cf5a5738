/** Offers as marks: dotted violet, with class and score. */

import type { Mark } from '../../canvas/marks'
import { LETTER, ON_IMAGE } from '../../ui/colours'
import { type Classes, classLook } from '../canvas/classLook'
import type { Editor, EditorState } from '../canvas/editor'
import type { Offer } from './offers'
import { ghostParts, ghostsOf } from './state'

/** All ghosts while they are gone through. */
export const ghostSource = {
  needs: (state: EditorState): readonly unknown[] =>
    state.tool === 'fill' ? [state.tool, state.assist.focused, ...ghostParts(state)] : [],
  marks: ({ state }: Editor, classes: Classes): readonly Mark[] =>
    state.tool === 'fill'
      ? ghostsOf(state).map((one) => offerMark(one, classes, one.index === state.assist.focused))
      : [],
}

/** What a click where the pointer is would take. */
export function aimedMarks({ state }: Editor, classes: Classes): readonly Mark[] {
  return state.aimed && state.tool === 'click' ? [offerMark(state.aimed, classes, true)] : []
}

function offerMark({ index, box, class_id, score }: Offer, classes: Classes, focused: boolean): Mark {
  return {
    key: `offer${index}`,
    box,
    colour: ON_IMAGE.suggestion,
    stroke: 'dotted',
    name: `${LETTER.suggestion} ${classLook(classes, class_id).name} ${score.toFixed(2)}`,
    nameBelow: true,
    filled: focused,
    hovered: focused,
  }
}
