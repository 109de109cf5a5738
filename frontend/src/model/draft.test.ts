import { describe, expect, it } from 'vitest'
import type { Baseline, Run } from '../api/types'
import {
  controlRequest,
  draftFromParent,
  draftOfControl,
  emptyDraft,
  firstBaseline,
  fittingWeights,
  steps,
  toRequest,
} from './draft'

const settings = { epochs: 20, batch: 8, seed: 3 }
const parent = {
  id: 7,
  baseline: 'road11t',
  weights: { kind: 'base' },
  checkpoints: [
    { id: 12, kind: 'last' },
    { id: 11, kind: 'best' },
  ],
  train_slices: [{ id: 1, name: 'train v1' }],
  validation_slice: { id: 2, name: 'validation v1' },
  revision: 4,
  settings,
} as unknown as Run

function baseline(name: string, params: number, weights: string[]): Baseline {
  return {
    name,
    params,
    weights: weights.map((id) => ({ id, label: id })),
    weights_available: weights.some((id) => id !== 'scratch'),
  } as unknown as Baseline
}

describe('train with more data', () => {
  const draft = draftFromParent(parent, 'v2', 5)

  it('starts from the best weights, with old and new slices, on the newest labels', () => {
    expect(draft).toMatchObject({
      weights: '11',
      trainSlices: [1, 5],
      validationSlice: 2,
      revision: null,
      settings,
    })
  })

  it('takes the parent slice only once', () => {
    expect(draftFromParent(parent, 'v2', 1).trainSlices).toEqual([1])
  })

  it('sends its control on the labels and slices of the parent', () => {
    const run = toRequest(draft, 1, {}, { parent: 7 })
    expect(controlRequest(run, parent, 'v2 control')).toMatchObject({
      name: 'v2 control',
      train_slices: [1],
      revision: 4,
      weights: { kind: 'checkpoint', checkpoint: 11 },
      settings,
      parent: 7,
    })
  })
})

describe('a control added later', () => {
  it('trains like the run on what its parent saw', () => {
    const run = {
      ...parent,
      id: 8,
      weights: { kind: 'checkpoint', checkpoint: 11 },
      revision: 6,
    } as unknown as Run
    expect(draftOfControl(run, parent, 'c')).toMatchObject({ weights: '11', trainSlices: [1], revision: 4 })
  })
})

describe('toRequest', () => {
  it('leaves out settings that are the default', () => {
    const draft = { ...emptyDraft(3), name: ' a ', validationSlice: 2, settings: { epochs: 30, batch: 8 } }
    expect(toRequest(draft, 1, { epochs: 20, batch: 8 }, {})).toEqual({
      dataset: 1,
      name: 'a',
      baseline: undefined,
      weights: { kind: 'base' },
      train_slices: [3],
      validation_slice: 2,
      revision: undefined,
      settings: { epochs: 30 },
      evaluate: true,
    })
  })
})

describe('what to start from', () => {
  const small = baseline('s', 1, ['scratch'])
  const known = baseline('m', 2, ['base', 'scratch'])

  it('is the smallest baseline that has weights', () => {
    expect(firstBaseline([known, small])?.name).toBe('m')
    expect(firstBaseline([small])?.name).toBe('s')
    expect(firstBaseline([])).toBeUndefined()
  })

  it('keeps the choice where it fits, else takes the weights that there are', () => {
    expect(fittingWeights(known, 'base', [])).toBe('base')
    expect(fittingWeights(known, '11', ['11'])).toBe('11')
    expect(fittingWeights(known, '99', [])).toBe('base')
    expect(fittingWeights(small, 'base', [])).toBe('scratch')
  })
})

describe('steps', () => {
  it('counts whole batches per epoch', () => {
    // 205 images in batches of 8 are 26 steps; 20 epochs of them 520
    expect(steps(205, { epochs: 20, batch: 8 })).toBe(520)
    expect(steps(0, { epochs: 20, batch: 8 })).toBeNull()
  })
})
