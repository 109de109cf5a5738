import { describe, expect, it } from 'vitest'
import { PAGE_SIZE, type PageSource, pagesNear, startOf } from './pages'

const source = (part: Partial<PageSource> = {}): PageSource => ({
  q: '',
  order: 'id',
  next: () => undefined,
  ids: null,
  ...part,
})

describe('pagesNear', () => {
  it('holds what is seen and a little ahead', () => {
    expect(pagesNear(0, 20, 1_000)).toEqual([0])
    expect(pagesNear(80, 120, 1_000)).toEqual([0, 1])
    expect(pagesNear(330, 360, 1_000)).toEqual([2, 3, 4])
  })
  it('stops at both ends', () => {
    expect(pagesNear(0, 20, 0)).toEqual([])
    expect(pagesNear(980, 1_000, 1_000)).toEqual([9])
  })
})

describe('startOf', () => {
  const ids = Array.from({ length: 500 }, (_, index) => index * 10)
  it('begins without a cursor', () => {
    expect(startOf(0, source({ q: 'any(car)' }))).toEqual({ q: 'any(car)', after: null })
  })
  it('goes on where the page before ended', () => {
    expect(startOf(2, source({ next: (page) => (page === 1 ? 'abc' : undefined) }))).toEqual({
      q: '',
      after: 'abc',
    })
  })
  it('jumps by id where the chain is broken', () => {
    expect(startOf(3, source({ ids }))).toEqual({ q: `id > ${(3 * PAGE_SIZE - 1) * 10}`, after: null })
    expect(startOf(3, source({ ids, q: 'a = 1 or b = 2' }))?.q).toBe('(a = 1 or b = 2) and id > 2990')
    expect(startOf(3, source({ ids, order: '-id' }))?.q).toBe('id < 2990')
  })
  it('jumps by the image before in the order of keys', () => {
    expect(startOf(3, source({ order: '-key', ids }))).toEqual({ q: '', after: null, afterImage: 2990 })
  })
  it('jumps by the image before where the line is ordered', () => {
    const q = 'any(car) order by weather'
    expect(startOf(3, source({ ids, q }))).toEqual({ q, after: null, afterImage: 2990 })
    expect(startOf(3, source({ q }))).toBeNull()
  })
  it('must wait where neither is known', () => {
    expect(startOf(3, source())).toBeNull()
    expect(startOf(3, source({ order: 'key' }))).toBeNull()
  })
})
