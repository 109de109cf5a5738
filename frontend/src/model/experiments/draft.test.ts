import { describe, expect, it } from 'vitest'
import { aRun } from '../../test/world'
import { experimentRequest, firstDraft, freeName, measureRequest, missingOf, sameData } from './draft'

const parent = aRun({ settings: { epochs: 12, batch: 8 }, revision: 3 })

describe('the draft of an experiment', () => {
  it('carries a parent on: its slices with one more, against its slices at its revision', () => {
    const draft = firstDraft(parent, 'more', 23)
    expect([draft.trainSlices, draft.controlSlices, draft.controlRevision]).toEqual([[21, 23], [21], 3])
    expect(experimentRequest(draft, 7, { epochs: 20 }, 71)).toMatchObject({
      dataset: 7,
      name: 'more',
      parent: 71,
      train_slices: [21, 23],
      control_slices: [21],
      control_revision: 3,
      seeds: 3,
      match: 'steps',
      early_stop: true,
      settings: { epochs: 12, batch: 8 },
    })
  })

  it('sends nothing of a control that is switched off', () => {
    const request = experimentRequest({ ...firstDraft(parent, 'more'), control: false }, 7, {}, 71)
    expect(request.control).toBe(false)
    expect(request).not.toHaveProperty('control_slices')
    expect(request).not.toHaveProperty('evaluate')
  })

  it('says what it lacks, in the order of the form', () => {
    const empty = { ...firstDraft(undefined, ''), seeds: 11 }
    expect(missingOf(empty)).toEqual(['name', 'trainSlices', 'validationSlice', 'seeds', 'controlSlices'])
    expect(missingOf(firstDraft(parent, 'more'))).toEqual([])
  })

  it('knows when both arms would have the same data', () => {
    expect(sameData(firstDraft(parent, 'more'), 3)).toBe(true)
    expect(sameData(firstDraft(parent, 'more'), 4)).toBe(false) // the labels are newer
    expect(sameData(firstDraft(parent, 'more', 23), 3)).toBe(false)
  })

  it('measures one epoch of the treatment, without an evaluation', () => {
    const request = experimentRequest(firstDraft(parent, 'more', 23), 7, {}, 71)
    expect(measureRequest(request, 'probe')).toMatchObject({
      name: 'probe',
      train_slices: [21, 23],
      settings: { epochs: 1, batch: 8 },
      evaluate: false,
    })
  })

  it('proposes a name that is free', () => {
    expect(freeName('more', [])).toBe('more')
    expect(freeName('more', ['more', 'more 2'])).toBe('more 3')
  })
})
