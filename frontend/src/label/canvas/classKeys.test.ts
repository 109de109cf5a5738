import { describe, expect, it } from 'vitest'
import type { DatasetClass } from '../../api/types'
import { classKeys, codesFrom, recentFirst } from './classKeys'

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
  it('gives the tenth and all after it a code: 0 and a letter of the name that is free', () => {
    const nine = Array.from({ length: 9 }, (_, id) => named(id, null))
    const more = ['truck', 'train', 'TT', '자전거'].map((name, at) => ({ ...named(20 + at, null), name }))
    const keys = classKeys([...nine, ...more], new Set())
    expect(more.map(({ id }) => keys.get(id))).toEqual(['0 t', '0 r', '0 a', '0 b'])
  })
  it('gives two signs where one is not enough, none twice and none that begins another', () => {
    const many = Array.from({ length: 80 }, (_, id) => ({ ...named(id, null), name: `person ${id}` }))
    const codes = [...classKeys(many, new Set()).values()].filter((key) => key.startsWith('0'))
    expect(codes).toHaveLength(71)
    expect(new Set(codes).size).toBe(71)
    expect(codes[0]).toBe('0 p e')
    expect(codes.every((code) => code.length === 5)).toBe(true)
  })
  it('keeps 0 for the codes: a class with that hotkey gets another', () => {
    expect([...classKeys([named(1, '0')], new Set())]).toEqual([[1, '1']])
  })
})

describe('codesFrom', () => {
  const keys = new Map([
    [1, '5'],
    [2, '0 p e'],
    [3, '0 p r'],
    [4, '0 d'],
  ])
  it('says what each next stroke gives', () => {
    expect(codesFrom(keys, '').map(({ rest }) => rest)).toEqual(['pe', 'pr', 'd'])
    expect(codesFrom(keys, 'p')).toEqual([
      { id: 2, rest: 'e' },
      { id: 3, rest: 'r' },
    ])
    expect(codesFrom(keys, 'px')).toEqual([])
  })
})

describe('recentFirst', () => {
  it('puts the classes used last in front and leaves the others in their order', () => {
    const classes = [1, 2, 3, 4].map((id) => ({ id }))
    expect(recentFirst(classes, [3, 99, 2]).map(({ id }) => id)).toEqual([3, 2, 1, 4])
    expect(recentFirst(classes, [4, 3, 2], 1).map(({ id }) => id)).toEqual([4, 1, 2, 3])
  })
})
