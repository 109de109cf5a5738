import { describe, expect, it } from 'vitest'
import type { DatasetClass } from '../../api/types'
import { classKeys } from './classKeys'

describe('classKeys', () => {
  const named = (id: number, hotkey: string | null): DatasetClass => ({
    id,
    index: id,
    name: `c${id}`,
    colour: '#000000',
    hotkey,
  })
  it('keeps the hotkeys of the dataset and fills up with digits', () => {
    const keys = classKeys([named(10, null), named(11, 'w'), named(12, '1'), named(13, null)], new Set())
    expect([...keys]).toEqual([
      [11, 'w'],
      [12, '1'],
      [10, '2'],
      [13, '3'],
    ])
  })
  it('gives a class another key where the editor needs the letter, and none twice', () => {
    const keys = classKeys([named(1, 'b'), named(2, 'q'), named(3, 'Q')], new Set(['b']))
    expect([...keys]).toEqual([
      [2, 'q'],
      [1, '1'],
      [3, '2'],
    ])
  })
  it('leaves the tenth without a hotkey', () => {
    const many = Array.from({ length: 12 }, (_, id) => named(id, null))
    expect(classKeys(many, new Set()).size).toBe(9)
  })
})
