/**
 * Where boxes are, for hits and for drawing only what is in sight: an R-tree that follows the document. An edit of one
 * box moves one entry; telling which changed compares references, some tens of microseconds for ten thousand.
 */

import RBush from 'rbush'
import type { Xyxy } from '../../canvas/box'
import type { LabelBox } from './content'
import { heightOf } from './order'

type Entry = {
  minX: number
  minY: number
  maxX: number
  maxY: number
  box: LabelBox
  height: number
  place: number
}

/** With a larger share of the boxes changed, building anew is quicker than moving entries. */
const REBUILD_FROM = 0.25
/** So many missing at once mean that boxes changed places rather than went. */
const MOST_GONE = 500

export class BoxIndex {
  private readonly tree = new RBush<Entry>()
  private entries = new Map<string, Entry>()
  private boxes: readonly LabelBox[] = []
  private next = 0

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
    const change = changeBetween(this.boxes, boxes)
    this.boxes = boxes
    const few = boxes.length * REBUILD_FROM
    if (!change || change.put.length + change.gone.length > few || this.moved(change)) this.rebuild()
    else this.apply(change)
  }

  private apply({ gone, put }: ListChange): void {
    for (const { id } of gone) this.drop(id)
    for (const box of put) this.put(box)
  }

  /** Whether a box stands further down that was only in another place before. */
  private moved({ put, changed }: ListChange): boolean {
    return put.some((box) => this.entries.has(box.id) && !changed.has(box.id))
  }

  /** A box keeps its place in the order of the list, a new one comes after all others. */
  private put(box: LabelBox): void {
    const place = this.drop(box.id)?.place ?? this.next++
    const entry = entryOf(box, place)
    this.entries.set(box.id, entry)
    this.tree.insert(entry)
  }

  private drop(id: string): Entry | undefined {
    const entry = this.entries.get(id)
    if (entry) this.tree.remove(entry)
    this.entries.delete(id)
    return entry
  }

  private rebuild(): void {
    const entries = this.boxes.map(entryOf)
    this.entries = new Map(entries.map((entry) => [entry.box.id, entry]))
    this.next = entries.length
    this.tree.clear()
    this.tree.load(entries)
  }
}

function entryOf(box: LabelBox, place: number): Entry {
  const [minX, minY, maxX, maxY] = box.box
  return { minX, minY, maxX, maxY, box, height: heightOf(box), place }
}

type ListChange = {
  readonly gone: readonly LabelBox[]
  /** Other versions of boxes, whose ids are in `changed`, then new boxes at the end. */
  readonly put: readonly LabelBox[]
  readonly changed: ReadonlySet<string>
}

/** What leads from one list to the next where boxes were changed, taken out or added at the end; null where nothing fits. */
function changeBetween(before: readonly LabelBox[], after: readonly LabelBox[]): ListChange | null {
  if (before.length === 0) return null
  const [gone, put, changed]: [LabelBox[], LabelBox[], Set<string>] = [[], [], new Set()]
  let at = 0
  for (const was of before) {
    const is = after[at]
    if (was === is) at += 1
    else if (was.id === is?.id) {
      put.push(is)
      changed.add(is.id)
      at += 1
    } else gone.push(was)
  }
  if (gone.length > MOST_GONE) return null
  return { gone, put: [...put, ...after.slice(at)], changed }
}

const byHeight = (a: Entry, b: Entry): number => a.height - b.height || a.place - b.place
