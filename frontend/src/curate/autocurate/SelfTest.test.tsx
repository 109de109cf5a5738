import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { AutoCurateDetail, SelfTestCut, SelfTestResult } from '../../api/types'
import { show } from '../../test/render'
import { serve } from '../../test/server'
import { aJob, ground } from '../../test/world'
import { SelfTest } from './SelfTest'

const run = { id: 6, dataset: 7, params: { folds: 2 } } as unknown as AutoCurateDetail

const share = (part: number, whole: number) =>
  ({ part, whole, share: part / whole, low: part / whole - 0.07, high: part / whole + 0.07 }) as const

const cut = (by: 'minutes' | 'score', value: number, looks: number, found: number): SelfTestCut => ({
  by,
  value,
  looks,
  unknown: 12,
  found: [
    { kind: null, ...share(found, 200) },
    { kind: 'wrong_class', ...share(62, 100) },
    { kind: 'missing', part: 0, whole: 0, share: null, low: null, high: null },
  ],
  classes: [{ class_id: 1, ...share(40, 50) }],
  precision: [
    { kind: null, ...share(110, 288), promised: 0.4 },
    { kind: 'wrong_class', ...share(62, 80), promised: 0.7 },
  ],
})

const result: SelfTestResult = {
  at: '2026-03-01T12:00:00Z',
  rates: { wrong_class: 0.04, missing: 0.03, spurious: 0.02, badly_drawn: 0.03 },
  retrain: false,
  hard: false,
  seed: 0,
  images: 480,
  planted: { wrong_class: 100, missing: 0, spurious: 40, badly_drawn: 60 },
  cuts: [cut('minutes', 30, 300, 110), cut('score', 0.5, 90, 70)],
}

describe('SelfTest', () => {
  it('starts the test with a button', async () => {
    const server = serve({
      ...ground(),
      'GET auto-curates/{auto_curate_id}/self-test': { job: null, state: null, result: null },
      'POST auto-curates/{auto_curate_id}/self-test': aJob(),
    })
    await show(<SelfTest run={run} />)
    await userEvent.click(await screen.findByRole('button', { name: 'Test the finder on your labels' }))
    const [sent] = server.sent('POST auto-curates/{auto_curate_id}/self-test')
    expect(sent?.body).toEqual({ retrain: false, hard: false })
  })

  it('says in words and by kind and class what was found, and promised', async () => {
    serve({
      ...ground(),
      'GET auto-curates/{auto_curate_id}/self-test': { job: 3, state: 'succeeded', result },
    })
    await show(<SelfTest run={run} />)
    expect(await screen.findByText(/Finds 62% \[55, 69\] of wrong classes among 300 looks/)).toBeTruthy()
    const kinds = within(screen.getByRole('table', { name: 'By kind of error' }))
    expect(kinds.getByText('70%')).toBeTruthy()
    expect(kinds.getByText(/78% \[71, 85\]/)).toBeTruthy()
    expect(screen.getByRole('table', { name: 'By class' }).textContent).toContain('80% [73, 87]')
    expect(screen.getByText(/12 looks are at what is suggested of your labels as they are/)).toBeTruthy()
    expect(screen.getByText(/which flatters a little/)).toBeTruthy()
    await userEvent.click(screen.getByText(/Score from 0.5/))
    expect(screen.getByText(/among 90 looks; of all planted errors 35%/)).toBeTruthy()
  })
})
