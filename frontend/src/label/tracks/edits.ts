/** What can be done to whole tracks, as patches of frames, and how a patch is taken back. Pure. */

import { iou } from '../../canvas/box'
import type { LabelBox } from '../canvas/content'
import { type Frame, type FramePatch, onTrack, type TrackId, trackOf, withTrack } from './track'

/** A box in the next frame that covers a carried one at least this much (IoU) is that object already. */
const THERE_ALREADY = 0.5

/** The track has another number in all frames from `start` on. */
export function renamed(frames: readonly Frame[], from: TrackId, to: TrackId, start = 0): FramePatch[] {
  return frames.slice(start).flatMap((frame) => {
    const box = onTrack(frame, from)
    return box ? [{ task: frame.task, put: [withTrack(box, to)], remove: [] }] : []
  })
}

/** Places at which both tracks have a box: they cannot be one object. */
export function clashes(frames: readonly Frame[], a: TrackId, b: TrackId): number[] {
  return frames.flatMap((frame, place) => (onTrack(frame, a) && onTrack(frame, b) ? [place] : []))
}

/** All boxes of a track taken away. */
export function removed(frames: readonly Frame[], track: TrackId): FramePatch[] {
  return frames.flatMap((frame) => {
    const box = onTrack(frame, track)
    return box ? [{ task: frame.task, put: [], remove: [box.id] }] : []
  })
}

export type Carried = {
  /** Boxes for the next frame: new ones, and those that are there already and now have their track. */
  readonly put: readonly LabelBox[]
  readonly added: number
  /** How many were there already. */
  readonly there: number
}

/** Boxes carried to a frame that has `present`, as new objects; none onto what is there already. */
export function carried(
  boxes: readonly LabelBox[],
  present: readonly LabelBox[],
  newId: () => string,
): Carried {
  const put: LabelBox[] = []
  let added = 0
  for (const box of boxes) {
    const track = trackOf(box)
    if (track !== null && present.some((one) => trackOf(one) === track)) continue
    const there = present.find(
      (one) => one.class_id === box.class_id && iou(one.box, box.box) >= THERE_ALREADY && !put.includes(one),
    )
    if (!there) {
      put.push(copyOf(box, newId()))
      added += 1
    } else if (track !== null && trackOf(there) === null) put.push(withTrack(there, track))
  }
  return { put, added, there: boxes.length - added }
}

function copyOf(box: LabelBox, id: string): LabelBox {
  const { keyframe: _, leaves: __, ...attributes } = box.attributes
  return { ...box, id, object_id: null, attributes, provenance: 'human' }
}

/** The boxes after a patch. */
export function patched(boxes: readonly LabelBox[], { put, remove }: FramePatch): LabelBox[] {
  const left = new Map(put.map((box) => [box.id, box]))
  const kept = boxes.filter((box) => !remove.includes(box.id)).map((box) => take(left, box.id) ?? box)
  return [...kept, ...left.values()]
}

function take(from: Map<string, LabelBox>, id: string): LabelBox | undefined {
  const found = from.get(id)
  from.delete(id)
  return found
}

/** What takes the patches back. `before` has every box that they touch. */
export function inverse(
  before: ReadonlyMap<number, readonly LabelBox[]>,
  patches: readonly FramePatch[],
): FramePatch[] {
  return patches.map(({ task, put, remove }) => {
    const was = new Map((before.get(task) ?? []).map((box) => [box.id, box]))
    const touched = [...put.map((box) => box.id), ...remove]
    return {
      task,
      put: touched.flatMap((id) => was.get(id) ?? []),
      remove: put.flatMap((box) => (was.has(box.id) ? [] : [box.id])),
    }
  })
}
