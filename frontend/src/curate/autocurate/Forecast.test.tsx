import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, ReviewForecast } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { ground } from '../../test/world'
import { Review } from './Review'

const run = { id: 6, dataset: 7, precision: [] } as unknown as AutoCurateDetail
const plan = {
  first: 0,
  first_left: 0,
  rates: [],
  next: [],
  looked_ahead: 100,
  stop: { suggestions: 2, minutes: 0.01, right: 1, worth: 0.2, seconds: 0.3 },
}
const forecast: ReviewForecast = {
  minutes: 30,
  looks: 310,
  images: 205,
  seconds_used: 1795,
  mended: { value: 189.6, low: 150, high: 230 },
  gain: { value: 0.008, low: 0.006, high: 0.011 },
  errors_in_all: { value: 420, low: 300, high: 560 },
  seconds: { decide: 2, redraw: 5, open_image: 1, measured_in: 'default', tasks: 0 },
  costs: { evaluation: 12 },
  shown: {
    evaluation: 12,
    name: 'baseline',
    slice: 'val',
    images: 208,
    smallest: 0.011,
    more: { images: 260, smallest: 0.0073 },
  },
  came: null,
}

const answer = (part: Partial<ReviewForecast> = {}) =>
  serve({
    ...ground(),
    'GET auto-curates/{auto_curate_id}/review': ({ query }) => ({
      plan,
      forecast: { ...forecast, ...part, minutes: Number(query.minutes) },
      second_round: null,
    }),
  })

describe('Forecast', () => {
  it('says what half an hour brings and what can be shown, with where that comes from', async () => {
    answer()
    await show(<Review run={run} />)
    expect(
      await screen.findByText(/In 30 min you will mend about 190 \[150, 230\] of an estimated 420/),
    ).toBeTruthy()
    expect(screen.getByText(/a gain of 1.1 points or more, with 208 validation images/)).toBeTruthy()
    expect(screen.getByText(/260 more would lower that to 0.7/)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'val' }).getAttribute('href')).toBe('/evaluations/12')
    expect(screen.getByText(/\+0.8 \[\+0.6, \+1.1\]/)).toBeTruthy()
    expect(screen.queryByText('So far')).toBeNull()
  })

  it('asks again for other minutes', async () => {
    answer()
    await show(<Review run={run} />)
    const minutes = await screen.findByLabelText('Minutes of review')
    await userEvent.clear(minutes)
    await userEvent.type(minutes, '10')
    expect(await screen.findByText(/^In 10 min/)).toBeTruthy()
  })

  it('sets what came beside what was promised, and never says 0 minutes', async () => {
    answer({
      came: { minutes: 6.2, looks: 60, mended: 31, promised: { value: 40.2, low: 33, high: 47 } },
      shown: null,
    })
    await show(<Review run={run} />)
    expect(await screen.findByText(/31 errors mended in 60 looks, 6 min\./)).toBeTruthy()
    expect(screen.getByText(/Promised for that time: 40 \[33, 47\]/)).toBeTruthy()
    expect(screen.getByText(/no evaluation on a validation slice/)).toBeTruthy()
    expect(screen.getByText(/2 more, less than a minute/)).toBeTruthy()
  })
})
