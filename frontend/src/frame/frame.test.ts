import { describe, expect, it } from 'vitest'
import type { Action } from '../ui/actions'
import { placeOf } from './place'
import { grouped, ranked, rankOf } from './ranking'
import { tabTitle } from './tabTitle'

const action = (label: string, group = ''): Action => ({ id: label, label, group, perform: () => {} })

describe('placeOf', () => {
  it.each([
    ['/', 'datasets'],
    ['/datasets/3/slices', 'datasets'],
    ['/evaluations/2', 'curate'],
    ['/tasks/9', 'label'],
    ['/runs/1', 'model'],
    ['/experiments/4', 'model'],
    ['/jobs', 'jobs'],
  ])('%s lies in %s', (path, place) => expect(placeOf(path)).toBe(place))
})

describe('ranked', () => {
  it('puts beginnings before word starts, before the rest, before scattered letters', () => {
    expect(['train', 'new train', 'retrain', 'stair'].map((label) => rankOf(label, 'train'))).toEqual([
      4, 3, 2, 0,
    ])
    expect(rankOf('the rain', 'train')).toBe(1)
  })

  it('leaves out what has not the letters, and keeps the order among equals', () => {
    const found = ranked([action('Slices'), action('Runs'), action('Revisions')], 's')
    expect(found.map(({ label }) => label)).toEqual(['Slices', 'Runs', 'Revisions'])
    expect(ranked([action('Runs')], 'xyz')).toEqual([])
    expect(ranked([action('Runs')], ' ')).toHaveLength(1)
  })

  it('finds Korean', () => {
    expect(ranked([action('자동 선별'), action('슬라이스')], '선별').map(({ label }) => label)).toEqual([
      '자동 선별',
    ])
  })
})

describe('grouped', () => {
  it('keeps groups in the order of their first member', () => {
    const groups = grouped([action('a', 'x'), action('b', 'y'), action('c', 'x')])
    expect(groups.map(([name, members]) => [name, members.length])).toEqual([
      ['x', 2],
      ['y', 1],
    ])
  })
})

describe('tabTitle', () => {
  it('leads with the progress, never rounded up to done', () => {
    expect(tabTitle('Runs', undefined)).toBe('Runs · Halfday')
    expect(tabTitle('Runs', 0.999)).toBe('99% Runs · Halfday')
    expect(tabTitle('', undefined)).toBe('Halfday')
  })
})
