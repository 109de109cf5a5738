import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { visit } from '../test/render'
import { refused, serve } from '../test/server'
import { ground } from '../test/world'

const classes = {
  'GET datasets/{dataset_id}/facets': { classes: [], metadata: [], slices: [], tags: [], label_states: [] },
}
const well = { status: 'ok' as const, database: true, broker: true, workers: null }
const away = () => refused(503, { title: 'Service Unavailable', reason: 'database_away', detail: 'away' })

afterEach(() => void vi.useRealTimers())

describe('while the database is away', () => {
  it('says so, and the page goes on by itself when it is back', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const server = serve({ ...ground(), ...classes, 'GET datasets/{dataset_id}': away, 'GET health': away })
    await visit('/datasets/7/classes')
    expect((await screen.findByText(/The database does not answer just now/)).textContent).toContain(
      'goes on',
    )
    server.answer({ ...ground(), 'GET health': { ...well, disk: { state: 'ok', free: 0.5 } } })
    await act(() => vi.advanceTimersByTimeAsync(9000))
    expect(await screen.findByRole('row', { name: /car/ })).toBeTruthy()
    await waitFor(() => expect(screen.queryByText(/does not answer just now/)).toBeNull())
  })
})

describe('a disk that fills up', () => {
  it.each([
    ['low', 0.08, 'filling up: 8%'],
    ['very_low', 0.01, 'almost full: 1%'],
    ['full', 0.001, 'nothing can be saved'],
  ] as const)('is told about: %s', async (state, free, text) => {
    serve({ ...ground(), ...classes, 'GET health': { ...well, disk: { state, free } } })
    await visit('/datasets/7/classes')
    expect((await screen.findAllByRole('status')).map((one) => one.textContent).join()).toContain(text)
  })

  it('is not mentioned while there is room', async () => {
    serve({ ...ground(), ...classes })
    await visit('/datasets/7/classes')
    await screen.findByRole('row', { name: /car/ })
    expect(screen.queryByText(/disk/)).toBeNull()
  })
})
