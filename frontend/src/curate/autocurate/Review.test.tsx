import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, ReviewPlan } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { ground } from '../../test/world'
import { Review } from './Review'

const run = {
  id: 6,
  dataset: 7,
  precision: [
    {
      kind: 'wrong_class',
      pending: 5,
      accepted: 8,
      corrected: 0,
      rejected: 2,
      decided: 10,
      precision: 0.8,
      interval: { low: 0.49, high: 0.94 },
    },
  ],
} as unknown as AutoCurateDetail

const plan: ReviewPlan = {
  first: 40,
  first_left: 30,
  rates: [
    { kind: 'wrong_class', share: 0.05, known: true, decided: 10 },
    { kind: 'spurious', share: 0.01, known: false, decided: 0 },
  ],
  next: [
    { kind: null, suggestions: 100, right: 61.4, low: 50, high: 72 },
    { kind: 'wrong_class', suggestions: 70, right: 55, low: 47, high: 62 },
  ],
  looked_ahead: 100,
  stop: { suggestions: 180, minutes: 15.2, right: 96.5, worth: 0.2, seconds: 5 },
}

const answer = (given: ReviewPlan | null) =>
  serve({
    ...ground(),
    'GET auto-curates/{auto_curate_id}/review': { plan: given, forecast: null, second_round: null },
  })

describe('Review', () => {
  it('says what the next hundred bring, by kind, and when to stop', async () => {
    answer(plan)
    await show(<Review run={run} />)
    expect(await screen.findByText('61 (50 to 72) of 100 right')).toBeTruthy()
    expect(screen.getByText(/180 more, 15 min, 97 of them right/)).toBeTruthy()
    expect(screen.getByText('30 of 40 that teach most are still open')).toBeTruthy()
    expect(screen.getByText(/55 \(47 to 62\) of 70 right/)).toBeTruthy()
    expect(screen.getByText(/how frequent is not known yet/)).toBeTruthy()
  })

  it('says nothing of a run that kept no rates', async () => {
    answer(null)
    const { container } = await show(<Review run={run} />)
    expect(container.textContent).not.toContain('Next')
  })
})
