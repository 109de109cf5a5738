import { describe, expect, it } from 'vitest'
import type { ImportProblem } from '../../api/types'
import { matching } from './problems'

const PROBLEMS: ImportProblem[] = [
  { file: 'a.txt', line: 3, reason: 'the box has no area', action: 'skipped', kind: 'no_area' },
  { file: 'b.jpg', reason: 'the picture was turned upright', action: 'repaired', kind: 'converted' },
  { file: 'a.txt', line: 1, reason: 'the same box is of 2 classes', action: 'kept', kind: 'two_classes' },
]

const places = (...given: [Parameters<typeof matching>[1], string, string]) =>
  matching(PROBLEMS, ...given).map((one) => one.n)

describe('matching', () => {
  it('gives all, each with its place', () => {
    expect(places('all', '', '')).toEqual([0, 1, 2])
  })

  it('filters by action, kind and text together', () => {
    expect(places('kept', '', '')).toEqual([2])
    expect(places('all', 'no_area', '')).toEqual([0])
    expect(places('all', '', 'A.TXT')).toEqual([0, 2])
    expect(places('repaired', 'no_area', '')).toEqual([])
  })
})
