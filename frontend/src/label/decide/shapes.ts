import type { DatasetClass, GridSuggestion } from '../../api/types'
import type { DrawnBox } from '../../ui/BoxedImage'
import { ON_IMAGE } from '../../ui/colours'
import type { Given } from './queue'

export type Named = ReadonlyMap<number, DatasetClass>

/** As labelled: solid, in the class's colour. As proposed: dotted violet. */
export function boxesOf(one: GridSuggestion, named: Named): DrawnBox[] {
  const boxes: DrawnBox[] = []
  if (one.given) {
    const { colour } = named.get(one.given.class_id) ?? { colour: '#ffffff' }
    boxes.push({ key: 'given', box: one.given.box, colour, line: 'solid' })
  }
  const moved = one.proposed && one.proposed.box.join() !== one.given?.box.join()
  if (one.proposed && moved)
    boxes.push({ key: 'proposed', box: one.proposed.box, colour: ON_IMAGE.suggestion, line: 'dotted' })
  return boxes
}

/** The class after the decision; null where there is no label then. */
export function becomes(one: GridSuggestion, { verdict, classId }: Given): number | null {
  if (verdict === 'corrected' && classId !== null) return classId
  if (verdict === 'accepted' || verdict === 'pending') return one.proposed?.class_id ?? null
  return one.given?.class_id ?? null
}
