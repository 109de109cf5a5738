import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../api/types'
import { show } from '../test/render'
import { type Answers, refused, serve } from '../test/server'
import { aJob, aRun, ground } from '../test/world'
import { RunActions } from './RunActions'

const run = (part: Partial<RunDetail> = {}): RunDetail => ({
  ...aRun(),
  ancestors: [],
  children: [],
  controls: [],
  images_per_epoch: 40,
  class_mapping: { kept: [], new: [], dropped: [] },
  usage: null,
  ...part,
})

async function open(of: RunDetail, answers: Answers = {}) {
  const server = serve({ ...ground('manager'), ...answers })
  const drawn = await show(<RunActions run={of} />, '/runs/71')
  await screen.findByRole('button', { name: 'More' })
  return { server, ...drawn }
}

describe('RunActions', () => {
  it('cancels a run that is on its way, which cannot be deleted meanwhile', async () => {
    const active = run({ state: 'running', job: aJob(), checkpoints: [] })
    const { server, user } = await open(active, { 'POST runs/{run_id}/cancel': active as never })
    await user.click(screen.getByRole('button', { name: 'More' }))
    expect(await screen.findByRole('menuitem', { name: 'Train a control' })).toBeTruthy()
    expect(screen.queryByRole('menuitem', { name: 'Delete the run' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(server.only('POST runs/{run_id}/cancel').params).toEqual({ run_id: '71' }))
  })

  it('goes on with one that was cancelled, and says why it may not', async () => {
    const { user } = await open(run({ state: 'cancelled' }), {
      'POST runs/{run_id}/resume': () => refused(409, { detail: 'Its last weights are gone.' }),
    })
    await user.click(screen.getByRole('button', { name: 'Resume' }))
    expect(await screen.findByText('Its last weights are gone.')).toBeTruthy()
  })

  it('goes on with other epochs, another batch and other devices', async () => {
    const stopped = run({ state: 'failed', settings: { epochs: 12, batch: 8, devices: '2' } })
    const { server, user } = await open(stopped, { 'POST runs/{run_id}/resume': stopped as never })
    await user.click(screen.getByRole('button', { name: 'More' }))
    await user.click(await screen.findByRole('menuitem', { name: /other epochs, batch or devices/ }))
    const dialog = within(await screen.findByRole('dialog'))
    await user.clear(dialog.getByLabelText('Devices'))
    await user.type(dialog.getByLabelText('Devices'), '4')
    await user.click(dialog.getByRole('button', { name: 'Resume' }))
    await waitFor(() =>
      expect(server.only('POST runs/{run_id}/resume').body).toEqual({ epochs: 12, batch: 8, devices: '4' }),
    )
  })

  it('leads to training with more data, where there are weights to begin from', async () => {
    const { user, address } = await open(run())
    await user.click(screen.getByRole('button', { name: 'Train with more data' }))
    await waitFor(() => expect(address()).toBe('/model/7/new?parent=71'))
  })

  it('deletes one after asking, and goes to the list', async () => {
    const { server, user, address } = await open(run(), { 'DELETE runs/{run_id}': undefined })
    await user.click(screen.getByRole('button', { name: 'More' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Delete the run' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete the run “night”?' }))
    await user.click(dialog.getByRole('button', { name: 'Delete the run' }))
    await waitFor(() => expect(address()).toBe('/model/7'))
    expect(server.sent('DELETE runs/{run_id}')).toHaveLength(1)
  })
})
