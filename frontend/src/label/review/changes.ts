/** What was changed about each box, from one version of a task's labels to another. */

import { sameBox } from '../../canvas/box'
import type { LabelBox } from '../canvas/content'

export type Facet = 'added' | 'removed' | 'relabelled' | 'moved' | 'ignored' | 'attributes'
export type AttributeChange = { readonly name: string; readonly before: unknown; readonly after: unknown }
export type BoxChange = {
  readonly id: string
  readonly facets: readonly Facet[]
  /** Null where the box is new. */
  readonly before: LabelBox | null
  /** Null where it is gone. */
  readonly after: LabelBox | null
  readonly attributes: readonly AttributeChange[]
}

/** Changed boxes in the order of `now`, then those that are gone. */
export function changesOf(before: readonly LabelBox[], now: readonly LabelBox[]): BoxChange[] {
  const known = new Map(before.map((box) => [box.id, box]))
  const kept = new Set(now.map((box) => box.id))
  const there = now.map((box) => changeOf(known.get(box.id) ?? null, box))
  const gone = before.filter((box) => !kept.has(box.id)).map((box) => changeOf(box, null))
  return [...there, ...gone].filter((one) => one.facets.length > 0)
}

function changeOf(before: LabelBox | null, after: LabelBox | null): BoxChange {
  const id = (after ?? before)?.id ?? ''
  if (!before) return { id, facets: ['added'], before, after, attributes: [] }
  if (!after) return { id, facets: ['removed'], before, after, attributes: [] }
  const attributes = attributeChanges(before.attributes, after.attributes)
  const facets: Facet[] = []
  if (before.class_id !== after.class_id) facets.push('relabelled')
  if (!sameBox(before.box, after.box)) facets.push('moved')
  if (before.ignore !== after.ignore) facets.push('ignored')
  if (attributes.length > 0) facets.push('attributes')
  return { id, facets, before, after, attributes }
}

function attributeChanges(before: LabelBox['attributes'], after: LabelBox['attributes']): AttributeChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => ({ name, before: before[name], after: after[name] }))
}

/** The change `step` further than the one looked at, round and round; the first or last where none is. */
export function stepTo<T extends { readonly id: string | number }>(
  all: readonly T[],
  from: T['id'] | null,
  step: 1 | -1,
): T | undefined {
  const at = all.findIndex((one) => one.id === from)
  if (at < 0) return step > 0 ? all[0] : all.at(-1)
  return all[(at + step + all.length) % all.length]
}
