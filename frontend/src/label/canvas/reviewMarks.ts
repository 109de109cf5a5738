/** What a review shows on the canvas: the change looked at, before and after; the whole image before; issues' places. */

import type { Mark } from '../../canvas/marks'
import type { LabelBox } from './content'
import type { EditorState } from './editor'

/** How a class looks, by its id. */
type LookOf = (id: number) => { readonly name: string; readonly colour: string }

/** Bright on any ground, and no class or verdict is of this colour. */
export const ISSUE_COLOUR = '#ffe14d'

/** The boxes as they were, dashed. */
export function beforeMarks({ review, look }: EditorState, lookOf: LookOf): Mark[] {
  return review.before
    .filter((box) => !look.hiddenClasses.has(box.class_id))
    .map((box) => markBefore(box, lookOf(box.class_id).name, lookOf))
}

function markBefore(box: LabelBox, name: string, lookOf: LookOf): Mark {
  const { colour } = lookOf(box.class_id)
  return {
    key: `before-${box.id}`,
    box: box.box,
    shape: box.shape,
    colour,
    name,
    stroke: 'dashed',
    hatched: box.ignore !== 'no',
  }
}

/** Before dashed, after solid; where one of them is missing, the other says what happened. */
function changeMarks({ review: { change } }: EditorState, lookOf: LookOf): Mark[] {
  if (!change) return []
  const marks: Mark[] = []
  const { before, after, says } = change
  if (before) {
    marks.push({
      ...markBefore(before, after ? '' : says, lookOf),
      crossed: !after,
      hovered: !after,
      outset: after ? 3 : 0,
    })
  }
  if (after) {
    const { colour } = lookOf(after.class_id)
    marks.push({
      key: `after-${after.id}`,
      box: after.box,
      shape: after.shape,
      colour,
      name: says,
      stroke: 'solid',
      hovered: true,
    })
  }
  return marks
}

function pinMarks({ review, document }: EditorState): Mark[] {
  const places = new Map(document.now.boxes.map((box) => [box.id, box.box]))
  return review.pins.map(({ id, boxId, box, says }) => ({
    key: `issue-${id}`,
    box: places.get(boxId) ?? box,
    colour: ISSUE_COLOUR,
    stroke: 'dotted',
    name: says,
    nameBelow: true,
    outset: 6,
    hovered: id === review.pin,
  }))
}

export function reviewMarks(state: EditorState, lookOf: LookOf): Mark[] {
  if (state.review.showBefore) return []
  return [...changeMarks(state, lookOf), ...pinMarks(state)]
}
