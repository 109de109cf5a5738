import { describe, expect, it } from 'vitest'
import { signedCount, strengths } from './differences'

it('a difference of counts has its sign', () => {
  expect([3, 0, -1200].map(signedCount)).toEqual(['+3', '0', '−1,200'])
})

describe('a confusion matrix got better', () => {
  const before = [[10, 4, 6], [0, 5, 0], [8, 0, 0]] // biome-ignore format: a matrix
  const after = [[14, 0, 6], [1, 5, 0], [12, 0, 0]] // biome-ignore format: a matrix
  const strength = strengths(before, after)
  it('where more were found and fewer confused', () => {
    expect([strength[0]![0], strength[0]![1]]).toEqual([1, 1])
  })
  it('not where more were confused or imagined', () => {
    expect(strength[1]![0]).toBe(-0.5)
    expect(strength[2]![0]).toBe(-1)
  })
  it('and stayed where it stayed', () => {
    expect([strength[0]![2], strength[1]![1]]).toEqual([0, 0])
  })
})
