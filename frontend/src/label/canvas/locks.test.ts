import { describe, expect, it, vi } from 'vitest'
import type { Content, LabelBox } from './content'
import { moveBoxes, removeBoxes, setClass } from './document'
import { NO_LOCKS, sparing, toggledAll } from './locks'
import { heightOf, toBack, toFront } from './order'

function box(id: string, more: Partial<LabelBox> = {}): LabelBox {
  const place = { box: [10, 10, 20, 20] as const, attributes: {}, ignore: 'no' as const }
  return { id, object_id: null, class_id: 1, provenance: 'imported', ...place, ...more }
}
const image = { width: 100, height: 100 }
const content: Content = { boxes: [box('a'), box('b', { class_id: 2 }), box('c')], decisions: {} }

describe('sparing', () => {
  const locks = { boxes: new Set(['a']), classes: new Set([2]) }
  it('changes all but what is locked, by itself or by its class, and says how many it spared', () => {
    const spared = vi.fn()
    const after = sparing(moveBoxes(['a', 'b', 'c'], 5, 0, image), locks, false, spared)(content)
    expect(after.boxes.map((one) => one.box[0])).toEqual([10, 10, 15])
    expect(spared).toHaveBeenCalledWith(2)
  })
  it('deletes nothing that is locked and leaves it at its place', () => {
    const after = sparing(removeBoxes(['a', 'c']), locks, false, vi.fn())(content)
    expect(after.boxes.map(({ id }) => id)).toEqual(['a', 'b'])
  })
  it('is no step where everything is spared', () => {
    expect(sparing(setClass(['a'], 9), locks, false, vi.fn())(content)).toBe(content)
  })
  it('does a whole step or none', () => {
    expect(sparing(setClass(['a', 'c'], 9), locks, true, vi.fn())(content)).toBe(content)
    expect(sparing(setClass(['c'], 9), locks, true, vi.fn())(content).boxes[2]?.class_id).toBe(9)
  })
  it('is the change itself without locks', () => {
    const change = setClass(['a'], 9)
    expect(sparing(change, NO_LOCKS, false, vi.fn())).toBe(change)
  })
})

describe('toggledAll', () => {
  it('adds all, and takes all away where all were there', () => {
    expect([...toggledAll(new Set([1]), [1, 2])]).toEqual([1, 2])
    expect([...toggledAll(new Set([1, 2, 3]), [1, 2])]).toEqual([3])
  })
})

describe('order', () => {
  const heights = (change: ReturnType<typeof toFront>, from = content) => change(from).boxes.map(heightOf)
  it('puts boxes above or below all others, as they lay among each other', () => {
    expect(heights(toFront(['a']))).toEqual([1, 0, 0])
    expect(heights(toBack(['b']))).toEqual([0, -1, 0])
    const lifted = toFront(['a'])(content)
    expect(heights(toFront(['b', 'c']), lifted)).toEqual([1, 2, 2])
  })
  it('is no step for what lies there already, and takes the height off where it is the usual one', () => {
    const lifted = toFront(['a'])(content)
    expect(toFront(['a'])(lifted)).toBe(lifted)
    expect(toFront(['a', 'b', 'c'])(content)).toBe(content)
    const back = toBack(['b'])(content)
    expect(toFront(['b'])({ ...back, boxes: back.boxes.slice(1, 2) })).toMatchObject({ boxes: [{ id: 'b' }] })
    expect(toFront([])(content)).toBe(content)
  })
})
