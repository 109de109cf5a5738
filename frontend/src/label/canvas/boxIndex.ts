/**
 * Where boxes are, for hits and for drawing only what is in sight: an R-tree that follows the document. An edit of one
 * box moves one entry; telling which changed compares references, some tens of microseconds for ten thousand.
 */

import RBush from 'rbush'
import type { Xyxy } from '../../canvas/box'
import type { LabelBox } from './content'
import { heightOf } from './order'

type Entry = { minX: number; minY: number; maxX: number; maxY: number; box: LabelBox; place: number }

/** With a larger share of the boxes changed, building anew is quicker than moving entries. */
const REBUILD_FROM = 0.25

export class BoxIndex {
  private readonly tree = new RBush<Entry>()
  private entries = new Map<string, Entry>()
  private boxes: readonly LabelBox[] = []

  /** The boxes that touch `area` (image pixels), the lowest first. */
  within([minX, minY, maxX, maxY]: Xyxy): LabelBox[] {
    return this.tree
      .search({ minX, minY, maxX, maxY })
      .sort(byHeight)
      .map(({ box }) => box)
  }

  /** Takes the boxes as they now are. */
  follow(boxes: readonly LabelBox[]): void {
    if (boxes === this.boxes) return
    const changed = changedPlaces(this.boxes, boxes)
    this.boxes = boxes
    if (changed === null || changed.length > boxes.length * REBUILD_FROM) this.rebuild()
    else for (const place of changed) this.put(place)
  }

  private put(place: number): void {
    const box = this.boxes[place]
    if (!box) return
    const old = this.entries.get(box.id)
    if (old) this.tree.remove(old)
    const entry = entryOf(box, place)
    this.entries.set(box.id, entry)
    this.tree.insert(entry)
  }

  private rebuild(): void {
    const entries = this.boxes.map(entryOf)
    this.entries = new Map(entries.map((entry) => [entry.box.id, entry]))
    this.tree.clear()
    this.tree.load(entries)
  }
}

function entryOf(box: LabelBox, place: number): Entry {
  const [minX, minY, maxX, maxY] = box.box
  return { minX, minY, maxX, maxY, box, place }
}

/** Places whose box is another version or new at the end; null where boxes went or changed places. */
function changedPlaces(before: readonly LabelBox[], after: readonly LabelBox[]): number[] | null {
  if (after.length < before.length || before.length === 0) return null
  const changed: number[] = []
  for (let place = 0; place < after.length; place += 1) {
    const [was, is] = [before[place], after[place]]
    if (was === is) continue
    if (was && was.id !== is?.id) return null
    changed.push(place)
  }
  return changed
}

const byHeight = (a: Entry, b: Entry): number => heightOf(a.box) - heightOf(b.box) || a.place - b.place
