import { describe, expect, it } from 'vitest'
import { emptyDraft } from '../draft'
import { isWhole, missingOf, proposedRange, type SearchDraft, searchRequest } from './draft'

const draft: SearchDraft = {
  ...emptyDraft(21, 'rates'),
  validationSlice: 22,
  ranges: [{ name: 'lr0', low: 0.001, high: 0.01, log: true }],
  trials: 20,
  repeats: 5,
  minutes: null,
  prune: true,
}

describe('a search in the form', () => {
  it('asks for what differs from the defaults, and for minutes only where some are given', () => {
    const asked = searchRequest({ ...draft, settings: { epochs: 3, batch: 8 } }, 7, { epochs: 20, batch: 8 })
    expect(asked).toMatchObject({
      dataset: 7,
      train_slices: [21],
      validation_slice: 22,
      settings: { epochs: 3 },
    })
    expect(asked).not.toHaveProperty('minutes')
    expect(asked).not.toHaveProperty('evaluate')
    expect(searchRequest({ ...draft, minutes: 30 }, 7, {}).minutes).toBe(30)
  })

  it('says what is missing', () => {
    expect(missingOf(draft)).toEqual([])
    expect(missingOf({ ...draft, name: ' ', ranges: [], repeats: 1 })).toEqual(['name', 'ranges', 'repeats'])
  })

  it('proposes a range or choices, and knows which are whole', () => {
    const rate = { name: 'lr0', kind: 'float' as const, low: 0.1, high: 1, log: true, choices: [] }
    expect(proposedRange(rate)).toEqual({ name: 'lr0', low: 0.1, high: 1, log: true })
    const optimizer = { ...rate, name: 'optimizer', kind: 'choice' as const, choices: ['AdamW', 'SGD'] }
    expect(isWhole(proposedRange(optimizer))).toBe(true)
    expect(isWhole({ name: 'lr0', low: 1, high: 0.1, log: false })).toBe(false)
    expect(isWhole({ name: 'optimizer', log: false, choices: ['SGD'] })).toBe(false)
  })
})
