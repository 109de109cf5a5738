import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareNames } from './names'

/** Shared with the server's tests. */
const ORDERED: string[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../test/naturalOrder.json'), 'utf8'),
)

describe('compareNames', () => {
  it('puts names in the order of the table that the server keeps to', () => {
    const shuffled = [...ORDERED].reverse()
    expect(shuffled.sort(compareNames)).toEqual(ORDERED)
  })

  it('takes names that read alike for equal', () => {
    expect(compareNames('A1', 'a01')).toBe(0)
    expect(compareNames('한', '한')).toBe(0) // composed, and as a Mac writes it
  })
})
