import { describe, expect, it } from 'vitest'
import type { Xyxy } from '../../canvas/box'
import type { LabelBox } from '../canvas/content'
import { carried, clashes, inverse, patched, renamed } from './edits'
import { between, type Frame, filled, ghostsAt, nextTrack, spansOf, tracksOf } from './track'

const PLACE: Xyxy = [0, 0, 10, 10]

const box = (id: string, at: Xyxy = PLACE, attributes: LabelBox['attributes'] = { track: 7 }): LabelBox => ({
  id,
  object_id: null,
  class_id: 1,
  box: at,
  attributes,
  ignore: 'no',
  provenance: 'human',
})

const frame = (task: number, ...boxes: LabelBox[]): Frame => ({ task, version: 3, boxes })

/** Key frames at 0, 4 and 6; the object leaves after 4. */
const WITH_LEAVE = [
  frame(10, box('n0')),
  frame(11),
  frame(12),
  frame(13),
  frame(14, box('n4', [40, 20, 70, 50], { track: 7, leaves: true })),
  frame(15),
  frame(16, box('n6')),
]

let number = 0
const id = () => {
  number += 1
  return `new${number}`
}
const short = (one: LabelBox | undefined) => [one?.box, one?.attributes]

describe('between two key frames', () => {
  // Worked by hand: x1 0 → 40, y1 0 → 20, x2 10 → 70, y2 10 → 50 in four steps.
  it.each([
    [1, [10, 5, 25, 20]],
    [2, [20, 10, 40, 30]],
    [3, [30, 15, 55, 40]],
  ])('each corner goes in a straight line: step %i of 4', (step, expected) => {
    expect(between(PLACE, [40, 20, 70, 50], step / 4)).toEqual(expected)
  })

  it('there is nothing where the object is out of sight', () => {
    expect(spansOf(WITH_LEAVE, 7)).toEqual([{ from: 0, to: 4 }])
    expect(ghostsAt(WITH_LEAVE, 5)).toEqual([])
  })

  it('frames are filled, and say that they are computed', () => {
    const patches = filled(WITH_LEAVE, 7, id)
    expect(patches.map(({ task }) => task)).toEqual([11, 12, 13])
    expect(short(patches[1]?.put[0])).toEqual([[20, 10, 40, 30], { track: 7, keyframe: false }])
    expect(patches[1]?.put[0]?.provenance).toBe('model')
  })

  it('what was computed is computed anew, and what somebody drew stays', () => {
    const frames = [
      frame(1, box('a')),
      frame(2, box('old', PLACE, { track: 7, keyframe: false, occluded: true })),
      frame(3, box('c', [20, 20, 30, 30])),
      frame(4, box('drawn', [9, 9, 20, 20])),
    ]
    const [patch, ...others] = filled(frames, 7, id)
    expect(others).toEqual([])
    expect(patch?.put[0]?.id).toBe('old')
    expect(short(patch?.put[0])).toEqual([[10, 10, 20, 20], { track: 7, keyframe: false, occluded: true }])
    const done = frames.map((one) => (one.task === 2 ? frame(2, ...(patch?.put ?? [])) : one))
    expect(filled(done, 7, id)).toEqual([])
  })

  it('a ghost stands where a frame has no box yet', () => {
    const [ghost] = ghostsAt(WITH_LEAVE, 2)
    expect(ghost?.box).toEqual([20, 10, 40, 30])
    expect(ghostsAt(WITH_LEAVE, 0)).toEqual([])
  })
})

describe('a track by its name in CVAT’s COCO files', () => {
  it('is followed, computed and renumbered under that name', () => {
    const at = (id: string, place: Xyxy) => box(id, place, { track_id: 3, keyframe: true })
    const frames = [frame(1, at('a', PLACE)), frame(2), frame(3, at('c', [20, 20, 30, 30]))]
    expect(filled(frames, 3, id)[0]?.put[0]?.attributes).toEqual({ track_id: 3, keyframe: false })
    expect(renamed(frames, 3, 4)[0]?.put[0]?.attributes.track_id).toBe(4)
  })
})

describe('the list of tracks', () => {
  it('says where each is, and its gaps', () => {
    expect(tracksOf(WITH_LEAVE)).toEqual([
      { track: 7, class_id: 1, first: 0, last: 6, boxes: 3, gaps: [{ from: 1, to: 3 }] },
    ])
  })

  it('stands in the order of the numbers, and the next number is free', () => {
    const frames = [frame(1, box('a', PLACE, { track: 10 }), box('b', PLACE, { track: '9' }))]
    expect(tracksOf(frames).map(({ track }) => track)).toEqual(['9', 10])
    expect(nextTrack(frames)).toBe(11)
    expect(nextTrack([])).toBe(1)
  })
})

describe('whole tracks', () => {
  it('get another number, from a frame on where they are split', () => {
    expect(renamed(WITH_LEAVE, 7, 9).map(({ task }) => task)).toEqual([10, 14, 16])
    const split = renamed(WITH_LEAVE, 7, 9, 4)
    expect(split.map(({ task, put }) => [task, put[0]?.attributes.track])).toEqual([
      [14, 9],
      [16, 9],
    ])
  })

  it('cannot be one where both have a box', () => {
    const frames = [frame(1, box('a'), box('b', PLACE, { track: 8 })), frame(2, box('c'))]
    expect(clashes(frames, 7, 8)).toEqual([0])
    expect(clashes(frames, 7, 9)).toEqual([])
  })

  it('are put back by the inverse of what was done', () => {
    const before = new Map(WITH_LEAVE.map((one) => [one.task, one.boxes]))
    const patches = [...filled(WITH_LEAVE, 7, id), ...renamed(WITH_LEAVE, 7, 9)]
    const back = inverse(before, patches)
    for (const [at, patch] of patches.entries()) {
      const was = before.get(patch.task) ?? []
      const undo = back[at]
      expect(undo && patched(patched(was, patch), undo)).toEqual(was)
    }
  })
})

describe('carrying to the next frame', () => {
  it('copies as new objects, without what only the frame before has', () => {
    const key = box('o4', PLACE, { track: 7, keyframe: false, leaves: true, colour: 'red' })
    const { put, added, there } = carried([key], [], () => 'n1')
    expect([added, there]).toEqual([1, 0])
    expect(put[0]).toMatchObject({ id: 'n1', object_id: null, attributes: { track: 7, colour: 'red' } })
    expect(put[0]?.attributes).toEqual({ track: 7, colour: 'red' })
  })

  it('does not put a box onto one that is there, but gives that one its track', () => {
    const there = box('o9', [1, 0, 10, 10], {})
    const far = box('o8', [50, 50, 60, 60], {})
    const found = carried([box('o4')], [far, there], id)
    expect([found.added, found.there]).toEqual([0, 1])
    expect(found.put.map((one) => [one.id, one.attributes])).toEqual([['o9', { track: 7 }]])
  })

  it('leaves a track alone that is there already, wherever', () => {
    expect(carried([box('o4')], [box('o9', [80, 80, 90, 90])], id)).toEqual({ put: [], added: 0, there: 1 })
  })
})
