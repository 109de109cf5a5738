import { describe, expect, it } from 'vitest'
import { isNarrowed, NO_CONDITIONS, readConditions, toggled, written } from './objects'

describe('conditions in an address', () => {
  it('are read and written again', () => {
    const search = { classes: '3,4', sizes: 'small', score_from: 0.25, q: 'any(car)' }
    const read = readConditions(search, true)
    expect(read).toEqual({ ...NO_CONDITIONS, classes: [3, 4], sizes: ['small'], score_from: 0.25 })
    expect(JSON.parse(JSON.stringify(written(read)))).toEqual({
      classes: '3,4',
      sizes: 'small',
      score_from: 0.25,
    })
  })
  it('are read of one number too, which the router gives as a number', () => {
    expect(readConditions({ classes: 3 }, false).classes).toEqual([3])
  })
  it('on verdicts need an evaluation', () => {
    const search = { verdicts: 'fp', score_from: 0.5, sizes: 'large' }
    expect(readConditions(search, false)).toEqual({ ...NO_CONDITIONS, sizes: ['large'] })
    expect(readConditions(search, true).verdicts).toEqual(['fp'])
  })
  it('on a comparison and a cell of the confusion matrix need an evaluation too', () => {
    const search = { comparison: 7, changed: 'fixed,fp_new', cell: '3:0' }
    expect(readConditions(search, false)).toEqual(NO_CONDITIONS)
    const read = readConditions(search, true)
    expect(read).toEqual({ ...NO_CONDITIONS, comparison: 7, changed: ['fixed', 'fp_new'], cell: '3:0' })
    expect(isNarrowed(read)).toBe(true)
    expect(JSON.parse(JSON.stringify(written(read)))).toEqual(search)
    expect(readConditions({ changed: 'fixed', cell: 'car' }, true)).toEqual(NO_CONDITIONS)
  })
  it('leave out what makes no sense', () => {
    expect(readConditions({ classes: 'car', score_to: 7 }, true)).toEqual(NO_CONDITIONS)
  })
})

it('a value is added and taken away', () => {
  const one = toggled(NO_CONDITIONS, 'sizes', 'small')
  expect(isNarrowed(one)).toBe(true)
  expect(toggled(one, 'sizes', 'small')).toEqual(NO_CONDITIONS)
})
