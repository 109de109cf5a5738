/**
 * Tracks: boxes of one object through the frames of a sequence. Pure.
 *
 * A box is of a track by its attribute `track`, as imports have it, or `track_id`, as CVAT's COCO files call it. It is a key frame unless its attribute `keyframe`
 * is false: then it was computed from the key frames around it and may be computed anew. `leaves` on a box says that the
 * object is out of sight from the next frame on, until the track's next box.
 */

import type { Xyxy } from '../../canvas/box'
import { placedAt } from '../canvas/boxShapes'
import type { LabelBox } from '../canvas/content'

/** A frame with the boxes of its tracks, in the sequence's order. */
export type Frame = {
  readonly task: number
  readonly version: number
  readonly boxes: readonly LabelBox[]
}

/** What becomes of one frame. Boxes that are named by an id that is there replace it. */
export type FramePatch = {
  readonly task: number
  readonly put: readonly LabelBox[]
  readonly remove: readonly string[]
}

export type TrackId = string | number

/** The attribute that says a box's track. */
const nameIn = ({ attributes }: LabelBox): 'track' | 'track_id' =>
  'track_id' in attributes && !('track' in attributes) ? 'track_id' : 'track'

export function trackOf(box: LabelBox): TrackId | null {
  const track = box.attributes[nameIn(box)]
  return typeof track === 'string' || typeof track === 'number' ? track : null
}

export const withTrack = (box: LabelBox, track: TrackId): LabelBox => ({
  ...box,
  attributes: { ...box.attributes, [nameIn(box)]: track },
})

export const isKey = (box: LabelBox): boolean => box.attributes.keyframe !== false
export const leaves = (box: LabelBox): boolean => box.attributes.leaves === true

export const onTrack = (frame: Frame | undefined, track: TrackId): LabelBox | undefined =>
  frame?.boxes.find((box) => trackOf(box) === track)

/** The box `share` (0 to 1) of the way from one to the other: each corner on its own, in a straight line. */
export function between(from: Xyxy, to: Xyxy, share: number): Xyxy {
  const at = (place: 0 | 1 | 2 | 3) => from[place] + (to[place] - from[place]) * share
  return [at(0), at(1), at(2), at(3)]
}

/** Two key frames of a track between which it is in sight, by their places. */
export type Span = { readonly from: number; readonly to: number }

/** The spans of a track that have frames between their ends. */
export function spansOf(frames: readonly Frame[], track: TrackId): Span[] {
  const spans: Span[] = []
  let last: number | null = null
  frames.forEach((frame, place) => {
    const box = onTrack(frame, track)
    if (!box || !isKey(box)) return
    if (last !== null && place - last > 1) spans.push({ from: last, to: place })
    last = leaves(box) ? null : place
  })
  return spans
}

/** What a track has at a place between the ends of a span; `id` names a box that is not there yet. */
export function computed(
  frames: readonly Frame[],
  track: TrackId,
  { from, to }: Span,
  place: number,
  id: string,
): LabelBox | null {
  const [first, last] = [onTrack(frames[from], track), onTrack(frames[to], track)]
  if (!first || !last) return null
  const present = onTrack(frames[place], track)
  const { leaves: _, ...kept } = first.attributes
  return {
    ...placedAt(present ?? first, between(first.box, last.box, (place - from) / (to - from))),
    class_id: first.class_id,
    id: present?.id ?? id,
    object_id: present?.object_id ?? null,
    attributes: { ...(present?.attributes ?? kept), keyframe: false },
    provenance: 'model',
  }
}

/** All frames between the track's key frames, filled or computed anew. Key frames stay as somebody drew them. */
export function filled(frames: readonly Frame[], track: TrackId, newId: () => string): FramePatch[] {
  return spansOf(frames, track).flatMap((span) => {
    const patches: FramePatch[] = []
    for (let place = span.from + 1; place < span.to; place += 1) {
      const box = computed(frames, track, span, place, newId())
      const present = onTrack(frames[place], track)
      const frame = frames[place]
      if (!box || !frame || (present && isSame(present, box))) continue
      patches.push({ task: frame.task, put: [box], remove: [] })
    }
    return patches
  })
}

const isSame = (a: LabelBox, b: LabelBox): boolean =>
  a.class_id === b.class_id && a.box.every((side, at) => Math.abs(side - (b.box[at] ?? 0)) < 0.01)

/** The computed boxes that a frame does not have yet: shown as ghosts, real by a key. */
export function ghostsAt(frames: readonly Frame[], place: number): LabelBox[] {
  return tracksOf(frames).flatMap(({ track }) => {
    if (onTrack(frames[place], track)) return []
    const span = spansOf(frames, track).find(({ from, to }) => from < place && place < to)
    const box = span && computed(frames, track, span, place, `g${track}`)
    return box ? [box] : []
  })
}

/** A track in few words; places in the sequence. */
export type TrackFacts = {
  readonly track: TrackId
  readonly class_id: number
  readonly first: number
  readonly last: number
  readonly boxes: number
  /** Frames without it between its ends, where it is not out of sight. */
  readonly gaps: readonly Span[]
}

/** Every track, in the order of their numbers. */
export function tracksOf(frames: readonly Frame[]): TrackFacts[] {
  const places = new Map<TrackId, number[]>()
  frames.forEach((frame, place) => {
    for (const box of frame.boxes) {
      const track = trackOf(box)
      if (track !== null) places.set(track, [...(places.get(track) ?? []), place])
    }
  })
  return [...places].map(([track, at]) => factsOf(frames, track, at)).sort(byNumber)
}

const byNumber = (a: TrackFacts, b: TrackFacts): number =>
  String(a.track).localeCompare(String(b.track), undefined, { numeric: true })

function factsOf(frames: readonly Frame[], track: TrackId, at: readonly number[]): TrackFacts {
  const gaps = at.flatMap((place, n) => {
    const before = at[n - 1]
    if (before === undefined || place - before <= 1) return []
    const box = onTrack(frames[before], track)
    return box && leaves(box) ? [] : [{ from: before + 1, to: place - 1 }]
  })
  const [first = 0, last = first] = [at[0], at.at(-1)]
  return {
    track,
    class_id: onTrack(frames[first], track)?.class_id ?? 0,
    first,
    last,
    boxes: at.length,
    gaps,
  }
}

/** A number that no track of the sequence has. */
export function nextTrack(frames: readonly Frame[]): number {
  const numbers = frames.flatMap(({ boxes }) => boxes.map((box) => Number(trackOf(box))))
  return numbers.reduce((most, one) => (Number.isInteger(one) && one > most ? one : most), 0) + 1
}
