import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { visit } from '../test/render'
import { refused, serve } from '../test/server'
import { aJob, ground, page } from '../test/world'

const failed = aJob({
  id: 32,
  title: 'Import zip',
  state: 'failed',
  progress: 0.4,
  error: 'The disk is full.',
  finished_at: '2026-03-01T12:01:30Z',
  eta_seconds: null,
})

describe('JobsPage', () => {
  it('lists what runs and what has ended, and asks for one state by the address', async () => {
    const server = serve({
      ...ground(),
      'GET jobs': ({ query }) => (query.limit === '200' ? page(aJob(), failed) : page()),
    })
    const { user, address } = await visit('/jobs')
    const row = within(await screen.findByRole('row', { name: /Import zip/ }))
    expect(row.getByText('Failed')).toBeTruthy()
    expect(row.getByText('1 min 30 s')).toBeTruthy()
    await user.click(screen.getByRole('radio', { name: 'Failed' }))
    await waitFor(() => expect(address()).toBe('/jobs?state=failed'))
    await waitFor(() =>
      expect(server.sent('GET jobs').at(-1)?.query).toEqual({ limit: '200', state: 'failed' }),
    )
  })

  it('teaches what runs here where nothing has yet', async () => {
    serve(ground())
    await visit('/jobs')
    expect(await screen.findByText('No long work yet')).toBeTruthy()
  })
})

describe('JobPage', () => {
  const log = (...texts: string[]) => ({
    lines: texts.map((text, at) => ({ n: at + 1, at: '2026-03-01T12:00:00Z', text })),
    next: texts.length,
  })

  it('shows how far a job is, in the tab as well, and cancels it', async () => {
    const server = serve({
      ...ground(),
      'GET jobs/{job_id}': aJob(),
      'GET jobs/{job_id}/log': ({ query }) => (query.after ? log() : log('epoch 1', 'epoch 2')),
      'POST jobs/{job_id}/cancel': aJob({ cancel_requested: true }),
    })
    const { user } = await visit('/jobs/31')
    expect(await screen.findByText('Epoch 3 of 12')).toBeTruthy()
    expect(screen.getByText('1 min 30 s left')).toBeTruthy()
    await waitFor(() => expect(document.title).toBe('25% Train night · Halfday'))
    expect(await screen.findByText('epoch 2')).toBeTruthy()
    server.answer({ 'GET jobs/{job_id}': aJob({ cancel_requested: true }) })
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    const button = await screen.findByRole('button', { name: 'Cancelling' })
    expect(button).toHaveProperty('ariaDisabled', 'true')
    expect(server.sent('POST jobs/{job_id}/cancel')).toHaveLength(1)
  })

  it('says why one failed, and offers nothing to cancel', async () => {
    serve({ ...ground(), 'GET jobs/{job_id}': failed, 'GET jobs/{job_id}/log': log() })
    await visit('/jobs/32')
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is full.')
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull()
  })

  it('leads to what a job has made', async () => {
    const done = aJob({
      state: 'succeeded',
      progress: 1,
      link: '/runs/71',
      finished_at: '2026-03-01T12:10:00Z',
    })
    serve({ ...ground(), 'GET jobs/{job_id}': done, 'GET jobs/{job_id}/log': log() })
    await visit('/jobs/31')
    const link = await screen.findByRole('link', { name: 'Open the result' })
    expect(link.getAttribute('href')).toBe('/runs/71')
  })

  it('says that a job is not there', async () => {
    serve({
      ...ground(),
      'GET jobs/{job_id}': () => refused(404, { title: 'Not found', detail: 'No such job.' }),
      'GET jobs/{job_id}/log': () => refused(404, {}),
    })
    await visit('/jobs/99')
    expect(await screen.findByText('Not here')).toBeTruthy()
  })
})
