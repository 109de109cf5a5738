import { describe, expect, it } from 'vitest'
import { withEpoch } from './queries'

describe('withEpoch', () => {
  it('adds an epoch, and puts one that is done again in the place of the first', () => {
    expect(withEpoch([{ epoch: 1 }, { epoch: 2 }], { epoch: 3 })).toEqual([
      { epoch: 1 },
      { epoch: 2 },
      { epoch: 3 },
    ])
    const again = { epoch: 2, loss: 0.5 }
    expect(
      withEpoch<{ epoch: number; loss?: number }>([{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }], again),
    ).toEqual([{ epoch: 1 }, again, { epoch: 3 }])
  })
})
