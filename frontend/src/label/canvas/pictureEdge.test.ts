import { describe, expect, it } from 'vitest'
import { fitted } from '../../canvas/viewport'
import type { LabelBox } from './content'
import { type Grey, strongestEdge } from './pictureEdge'
import { edgesOf, type Ground, snapped } from './snap'

/** A cut-out at (100, 50) whose grey depends on the column. */
function columns(...values: number[]): Grey {
  const height = 8
  const rows = Array.from({ length: height }, () => values).flat()
  return { x: 100, y: 50, width: values.length, height, values: rows }
}

describe('strongestEdge', () => {
  it('is the line between the two columns where the grey steps', () => {
    expect(strongestEdge(columns(20, 20, 20, 90, 90, 90), 'x', 102, 4)).toBe(103)
  })
  it('reads rows for an edge that lies', () => {
    const values = [10, 10, 10, 10, 80, 80]
    const grey = { x: 0, y: 7, width: 2, height: 6, values: values.flatMap((value) => [value, value]) }
    expect(strongestEdge(grey, 'y', 10, 4)).toBe(11)
  })
  it('prefers the nearer of two that are alike', () => {
    const grey = columns(0, 0, 60, 60, 60, 60, 0, 0, 0)
    expect(strongestEdge(grey, 'x', 105, 5)).toBe(106)
    expect(strongestEdge(grey, 'x', 103, 5)).toBe(102)
  })
  it('finds none in a flat picture, a faint step, texture, or out of reach', () => {
    expect(strongestEdge(columns(50, 50, 50, 50), 'x', 102, 4)).toBeNull()
    expect(strongestEdge(columns(50, 50, 55, 55), 'x', 102, 4)).toBeNull()
    expect(strongestEdge(columns(0, 60, 0, 60, 0, 60), 'x', 102, 4)).toBeNull()
    expect(strongestEdge(columns(0, 0, 0, 0, 0, 0, 0, 90), 'x', 101, 3)).toBeNull()
  })
  it('lets steps that go both ways along the edge cancel out', () => {
    const values = Array.from({ length: 8 }, (_, row) => (row % 2 ? [0, 0, 90, 90] : [90, 90, 0, 0])).flat()
    expect(strongestEdge({ x: 0, y: 0, width: 4, height: 8, values }, 'x', 2, 2)).toBeNull()
  })
})

describe('snapped', () => {
  const image = { width: 200, height: 100 }
  const view = { ...fitted(image, { width: 232, height: 132 }), scale: 1, x: 0, y: 0 }
  const other: LabelBox = {
    id: 'o',
    object_id: null,
    class_id: 1,
    box: [60, 20, 90, 40],
    attributes: {},
    ignore: 'no',
    provenance: 'imported',
  }
  const ground: Ground = { image, view, boxes: [other], pixels: null }

  it('goes to the nearest edge of a box, on each axis for itself', () => {
    const edges = edgesOf([30, 22, 57, 70], ['e', 'n'])
    expect(snapped(edges, ground)).toEqual({
      dx: 3,
      dy: -2,
      guides: [
        { axis: 'x', at: 60, to: 'box' },
        { axis: 'y', at: 20, to: 'box' },
      ],
    })
  })
  it('goes to the edge of the image', () => {
    expect(snapped(edgesOf([4, 50, 30, 70], ['w']), ground)).toMatchObject({ dx: -4, dy: 0 })
  })
  it('goes to the picture where no box is near, and reaches less far when zoomed in', () => {
    const step = columns(20, 20, 20, 20, 90, 90, 90)
    const pictured = { ...ground, pixels: () => step }
    expect(snapped(edgesOf([30, 50, 102, 80], ['e']), pictured)).toMatchObject({
      dx: 2,
      guides: [{ to: 'picture' }],
    })
    const near = { ...pictured, view: { ...view, scale: 6 } }
    expect(snapped(edgesOf([30, 50, 102, 80], ['e']), near)).toMatchObject({ dx: 0, guides: [] })
  })
  it('stays where nothing is near or nothing is to snap to', () => {
    expect(snapped(edgesOf([30, 50, 45, 70], ['e']), ground)).toEqual({ dx: 0, dy: 0, guides: [] })
    expect(snapped(edgesOf([30, 50, 57, 70], ['e']), null)).toEqual({ dx: 0, dy: 0, guides: [] })
  })
})
