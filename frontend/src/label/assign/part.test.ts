import { describe, expect, it } from 'vitest'
import { type Filled, partOf } from './part'

const filled: Filled = {
  which: 'unfinished', selected: [], first: 1, last: 10, restOf: null,
  to: 'people', people: [4, 5], bySpeed: false, blocks: false, due: '',
} // biome-ignore format: a row

describe('partOf', () => {
  it('counts from one on the page and from zero in the API', () => {
    expect(partOf({ ...filled, which: 'range', first: 1, last: 3 })).toEqual({
      first: 0,
      last: 2,
      people: [4, 5],
      by_speed: false,
      blocks: false,
    })
  })
  it('gives tasks back to nobody by an empty list', () => {
    expect(partOf({ ...filled, to: 'nobody' })).toMatchObject({ people: [] })
  })
  it('sets a day alone and leaves everybody what they have', () => {
    const part = partOf({ ...filled, to: 'stay', due: '2026-12-24' })
    expect(part).toMatchObject({ due: '2026-12-24' })
    expect(part).not.toHaveProperty('people')
  })
  it.each([
    { people: [] },
    { to: 'stay' as const },
    { which: 'selected' as const },
    { which: 'range' as const, first: 5, last: 2 },
    { which: 'rest' as const },
  ])('is nothing while something is missing: %o', (missing) => {
    expect(partOf({ ...filled, ...missing })).toBeNull()
  })
})
