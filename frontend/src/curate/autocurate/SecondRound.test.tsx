import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, Review } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { aJob, ground } from '../../test/world'
import { SecondRound } from './SecondRound'

const run = {
  id: 6,
  dataset: 7,
  source: { slice: { id: 21, name: 'train' }, q: 'count(rider) >= 1', revision: 1 },
  params: {
    name: 'doubtful',
    folds: 3,
    seed: 4,
    kinds: ['missing'],
    settings: { epochs: 12, imgsz: 256, lr0: 0.01 },
    prediction_set: null,
  },
} as unknown as AutoCurateDetail
type Round = NonNullable<Review['second_round']>
const round: Round = {
  pays: true,
  why: 'it_pays',
  left: { value: 210, low: 150, high: 300 },
  expected: { value: 95, low: 60, high: 140 },
  per_hour: 480,
  revision: 3,
}

describe('SecondRound', () => {
  it('starts the same search on the labels as they are now', async () => {
    const START = 'POST datasets/{dataset_id}/auto-curate'
    const server = serve({ ...ground(), [START]: aJob({ link: '/curate/7/auto/9' }) as never })
    await show(<SecondRound run={run} round={round} />)
    expect(await screen.findByText(/About 210 \[150, 300\] errors are left/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: /^Search again/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Find mislabels' }))
    await waitFor(() =>
      expect(server.only(START).body).toEqual({
        kind: 'mislabels',
        slice: 21,
        q: 'count(rider) >= 1',
        params: {
          folds: 3,
          crops: true,
          seed: 4,
          kinds: ['missing'],
          settings: { epochs: 12, imgsz: 256, lr0: 0.01 },
          weights: { kind: 'base' },
          after: 6,
        },
      }),
    )
  })

  it('says why it does not pay, and is silent before anybody has looked', async () => {
    serve(ground())
    const { unmount } = await show(
      <SecondRound run={run} round={{ ...round, pays: false, why: 'not_corrected' }} />,
    )
    expect(await screen.findByText(/Merge the corrections into the labels first/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: /^Search again/ })).toBeNull()
    unmount()
    await show(<SecondRound run={run} round={{ ...round, pays: false, why: 'no_verdict' }} />)
    expect(screen.queryByText('Second round')).toBeNull()
  })
})
