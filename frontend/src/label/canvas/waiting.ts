/**
 * Many shapes are too much to be drawn anew at every frame of a pan or zoom: meanwhile what is drawn is shifted and
 * stretched as a picture, and drawn anew as soon as the view stands still.
 */

import { inSight, type Viewport } from '../../canvas/viewport'
import type { Editor } from './editor'

/** Milliseconds without a change of the view after which it stands still. */
export const STANDS_STILL = 90
/** With fewer shapes in sight every frame is drawn as it is. */
const MANY = 60

/** Whether the still layer may wait: the view alone has changed, and much would have to be drawn. */
export function mayWait(editor: Editor, drawn: readonly unknown[], parts: readonly unknown[]): boolean {
  const [was, ...others] = drawn
  const [is, ...same] = parts
  if (others.length !== same.length || !others.every((part, at) => part === same[at])) return false
  return sameScreen(was as Viewport, is as Viewport) && hasMany(editor)
}

const sameScreen = ({ screen: a }: Viewport, { screen: b }: Viewport): boolean =>
  a.width === b.width && a.height === b.height

const hasMany = (editor: Editor): boolean =>
  editor.boxesIn(inSight(editor.viewport)).filter((box) => box.shape).length >= MANY

/** The CSS transform, about the upper left corner, that brings what was drawn for one view to where another has it. */
export function transformBetween(drawn: Viewport, view: Viewport): string {
  const scale = view.scale / drawn.scale
  return `matrix(${scale}, 0, 0, ${scale}, ${view.x - scale * drawn.x}, ${view.y - scale * drawn.y})`
}
