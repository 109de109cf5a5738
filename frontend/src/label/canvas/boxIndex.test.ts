import { describe, expect, it } from 'vitest'
import { BoxIndex } from './boxIndex'
import type { LabelBox } from './content'

function box(id: string, x: number, more: Partial<LabelBox> = {}): LabelBox {
  const place = { box: [x, 0, x + 8, 8] as const, attributes: {}, ignore: 'no' as const }
  return { id, object_id: null, class_id: 1, provenance: 'human', ...place, ...more }
}
const ten = Array.from({ length: 10 }, (_, k) => box(`b${k}`, 10 * k))
const all = [0, 0, 1000, 1000] as const

function found(...lists: (readonly LabelBox[])[]) {
  const index = new BoxIndex()
  for (const list of lists) index.follow(list)
  return (area: Parameters<BoxIndex['within']>[0]) => index.within(area).map(({ id }) => id)
}

describe('BoxIndex', () => {
  it('finds what touches an area', () => {
    expect(found(ten)([18, 0, 30, 5])).toEqual(['b1', 'b2', 'b3'])
    expect(found([])(all)).toEqual([])
  })
  it('follows a box that moves, goes or comes', () => {
    const moved = ten.map((one) => (one.id === 'b1' ? box('b1', 500) : one))
    expect(found(ten, moved)([500, 0, 510, 5])).toEqual(['b1'])
    expect(found(ten, moved)([12, 0, 14, 5])).toEqual([])
    const without = ten.filter(({ id }) => id !== 'b4')
    expect(found(ten, without)(all)).not.toContain('b4')
    expect(found(ten, without, ten)(all)).toEqual(ten.map(({ id }) => id))
    expect(found(ten, [...ten, box('new', 35)])([36, 0, 41, 5])).toEqual(['b3', 'b4', 'new'])
  })
  it('gives them in the order of the list, whatever has happened to it', () => {
    const lists = [ten, [...ten].reverse(), ten.slice(3), [...ten.slice(5), ...ten.slice(0, 5)]]
    for (const from of lists) {
      for (const to of lists) expect(found(from, to)(all)).toEqual(to.map(({ id }) => id))
    }
  })
  it('gives what lies higher later', () => {
    const lifted = ten.map((one) => (one.id === 'b2' ? { ...one, attributes: { z_order: 3 } } : one))
    expect(found(ten, lifted)(all).at(-1)).toBe('b2')
  })
})
