import { describe, expect, it } from 'vitest'
import type { TimeRow } from '../../api/types'
import { sumsBy } from './report'

const row = (kind: string, seconds: number, acts: number): TimeRow => ({
  person: null,
  day: '2026-11-30',
  kind,
  label_class: null,
  acts,
  seconds,
  median: seconds / acts,
})

describe('sumsBy', () => {
  it('puts the longest first, with its share of the whole', () => {
    expect(sumsBy([row('look', 10, 1), row('draw', 20, 4), row('draw', 10, 1)], ({ kind }) => kind)).toEqual([
      { key: 'draw', acts: 5, seconds: 30, share: 0.75 },
      { key: 'look', acts: 1, seconds: 10, share: 0.25 },
    ])
  })
  it('has nothing to say of nothing', () => {
    expect(sumsBy([], ({ kind }) => kind)).toEqual([])
  })
})
