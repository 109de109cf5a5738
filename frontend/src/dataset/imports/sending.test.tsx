import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../../api/problem'
import { patiently } from './sending'

const lost = () => Promise.reject(Problem.offline())

describe('patiently', () => {
  it('waits a lost connection out and says so', async () => {
    const act = vi.fn().mockImplementationOnce(lost).mockImplementationOnce(lost).mockResolvedValue('sent')
    const change = vi.fn()
    expect(await patiently(act, change, new AbortController().signal, 1)).toBe('sent')
    expect(change.mock.calls.map(([{ state }]) => state)).toEqual([
      'waiting',
      'sending',
      'waiting',
      'sending',
    ])
  })

  it('goes on at once when the browser is back online', async () => {
    const act = vi.fn().mockImplementationOnce(lost).mockResolvedValue('sent')
    const done = patiently(act, () => {}, new AbortController().signal, 3_600_000)
    await vi.waitFor(() => expect(act).toHaveBeenCalledOnce())
    await Promise.resolve()
    window.dispatchEvent(new Event('online'))
    expect(await done).toBe('sent')
  })

  it('does not repeat what the server refused', async () => {
    const refused = new Problem(413, { detail: 'Too large.' })
    await expect(
      patiently(() => Promise.reject(refused), vi.fn(), new AbortController().signal),
    ).rejects.toBe(refused)
  })

  it('stops when told to', async () => {
    const stop = new AbortController()
    const done = patiently(lost, () => stop.abort(), stop.signal, 3_600_000)
    await expect(done).rejects.toMatchObject({ name: 'AbortError' })
  })
})
