/**
 * The undo stack as something that can be kept: each step as what differs from the one after it. What a box list of ten
 * thousand has in common is not written again and again.
 */

import { shapePrint } from './boxShapes'
import type { Content, LabelBox } from './content'
import type { History, Step, StepName } from './document'
import { lookupOf } from './lookup'

/** From one content to another: boxes to put in place or, with a place, to insert; boxes to drop; verdicts if they differ. */
export type Patch = {
  readonly put: readonly (readonly [box: LabelBox, place?: number])[]
  readonly drop: readonly string[]
  readonly decisions?: Content['decisions']
}
export type PackedStep = { readonly name: StepName; readonly patch: Patch }
export type Packed = { readonly past: readonly PackedStep[]; readonly future: readonly PackedStep[] }

/** Steps on each side that are kept, the nearest first, and the characters that they may take. */
const MOST_STEPS = 100
const MOST_CHARACTERS = 150_000

export function packed(now: Content, history: History): Packed {
  return { past: packedSteps(now, history.past), future: packedSteps(now, history.future) }
}

function packedSteps(now: Content, steps: readonly Step[]): PackedStep[] {
  const kept: PackedStep[] = []
  let [from, room] = [now, MOST_CHARACTERS]
  for (const { name, before } of steps.slice(-MOST_STEPS).reverse()) {
    const made = patchBetween(from, before)
    if (made) room -= made.size
    if (!made || room < 0) break
    kept.push({ name, patch: made.patch })
    from = before
  }
  return kept.reverse()
}

export function unpacked(now: Content, { past, future }: Packed): History {
  return { past: unpackedSteps(now, past), future: unpackedSteps(now, future) }
}

function unpackedSteps(now: Content, steps: readonly PackedStep[]): Step[] {
  let content = now
  const backwards = [...steps].reverse().map(({ name, patch }) => {
    content = patchedBy(content, patch)
    return { name, before: content, mergeKey: null }
  })
  return backwards.reverse()
}

type Made = { readonly from: Content; readonly patch: Patch; readonly size: number }
const made = new WeakMap<Content, Made>()

/** What leads from one content to another, remembered; null where the boxes that both have stand in another order. */
function patchBetween(from: Content, to: Content): Made | null {
  const known = made.get(to)
  if (known?.from === from) return known
  const patch = differenceOf(from, to)
  if (!sameOrder(patchedBy(from, patch), to)) return null
  const fresh = { from, patch, size: JSON.stringify(patch).length }
  made.set(to, fresh)
  return fresh
}

function differenceOf(from: Content, to: Content): Patch {
  const decisions = from.decisions === to.decisions ? {} : { decisions: to.decisions }
  if (from.boxes === to.boxes) return { put: [], drop: [], ...decisions }
  const [was, is] = [lookupOf(from.boxes).byId, lookupOf(to.boxes).byId]
  const put = to.boxes.flatMap((box, place): Patch['put'][number][] => {
    const old = was.get(box.id)
    if (old === box) return []
    return [old ? [box] : [box, place]]
  })
  const drop = from.boxes.filter((box) => !is.has(box.id)).map((box) => box.id)
  return { put, drop, ...decisions }
}

function patchedBy(content: Content, { put, drop, decisions }: Patch): Content {
  const gone = new Set(drop)
  const placed = new Map(put.map(([box]) => [box.id, box]))
  const boxes = content.boxes.filter((box) => !gone.has(box.id)).map((box) => placed.get(box.id) ?? box)
  for (const [box, place] of put) if (place !== undefined) boxes.splice(place, 0, box)
  return { boxes, decisions: decisions ?? content.decisions }
}

const sameOrder = (a: Content, b: Content): boolean =>
  a.boxes.length === b.boxes.length && a.boxes.every((box, place) => box.id === b.boxes[place]?.id)

/**
 * A few characters that differ where labels differ: ids, classes, places to a tenth of a pixel, ignoring, verdicts. The
 * server keeps float32 and may give boxes back in another order: neither matters here.
 */
export function printOf({ boxes, decisions }: Content): string {
  const decided = Object.entries(decisions).filter(([, { verdict }]) => verdict !== 'pending')
  const sum = [
    ...boxes.map((box) =>
      hashOf(
        `${box.id} ${box.class_id} ${box.box.map(tenths).join(' ')} ${box.ignore}${shapePrint(box.shape)}`,
      ),
    ),
    ...decided.map(([id, { verdict }]) => hashOf(`${id} ${verdict}`)),
  ].reduce((total, hash) => (total + hash) >>> 0, 0)
  return `${boxes.length}-${sum.toString(36)}`
}

const tenths = (value: number): number => Math.round(Math.fround(value) * 10)

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
