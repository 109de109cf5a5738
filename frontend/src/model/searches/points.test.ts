import { describe, expect, it } from 'vitest'
import type { Trial } from '../../api/types'
import { bestSoFar, height, lookOf } from './points'

const trial = (part: Partial<Trial>): Trial => ({
  id: 1,
  kind: 'trial',
  number: 1,
  state: 'complete',
  values: {},
  run: null,
  curve: [0.1, 0.2],
  value: 0.3,
  evaluation: 5,
  better: false,
  seconds: 1,
  problem: '',
  ...part,
})

describe('trials in a plot', () => {
  it('tells them apart', () => {
    expect(lookOf(trial({}))).toBe('inside')
    expect(lookOf(trial({ better: true }))).toBe('better')
    expect(lookOf(trial({ better: null }))).toBe('unknown')
    expect(lookOf(trial({ kind: 'repeat', better: null }))).toBe('repeat')
    expect(lookOf(trial({ state: 'pruned', value: null, better: null }))).toBe('pruned')
  })

  it('puts what was given up where it was last seen, and what waits nowhere', () => {
    expect(height(trial({}))).toBe(30)
    expect(height(trial({ state: 'pruned', value: null }))).toBe(20)
    expect(height(trial({ state: 'waiting', value: null, curve: [] }))).toBeNull()
  })

  it('keeps the best so far over trials that came to nothing', () => {
    const line = bestSoFar([
      trial({ number: 1, value: null }),
      trial({ number: 2, value: 0.25 }),
      trial({ number: 3, value: 0.125 }),
      trial({ number: 4, value: 0.5 }),
    ])
    expect(line).toEqual([
      [2, 25],
      [3, 25],
      [4, 50],
    ])
  })
})
