import { describe, expect, it } from 'vitest'
import type { Shape } from '../../api/types'
import { viewOf } from './changes'

const image = { width: 1280, height: 720 }
const shape = (...box: Shape['box']): Shape => ({ class_id: 1, box })

describe('viewOf', () => {
  it('shows both boxes with room around them', () => {
    const [x1, y1, x2, y2] = viewOf([shape(600, 300, 700, 400), shape(620, 300, 700, 400)], image)
    expect(x1).toBeLessThan(600)
    expect(y2).toBeGreaterThan(400)
    expect((x2 - x1) / (y2 - y1)).toBeCloseTo(4 / 3)
  })
  it('stays inside the image', () => {
    const [x1, y1, x2, y2] = viewOf([shape(0, 0, 50, 50), null], image)
    expect([x1, y1]).toEqual([0, 0])
    expect(x2).toBeGreaterThan(50)
    expect(y2).toBeGreaterThan(50)
    expect(viewOf([shape(0, 0, 1280, 720)], image)).toEqual([0, 0, 1280, 720])
  })
  it('shows enough around a tiny box to know where it is', () => {
    const [x1, , x2] = viewOf([shape(600, 300, 604, 304)], image)
    expect(x2 - x1).toBeGreaterThan(48)
  })
  it('shows the whole image where there is no box', () => {
    expect(viewOf([null, null], image)).toEqual([0, 0, 1280, 720])
  })
})
