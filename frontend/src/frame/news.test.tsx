import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job, JobNews } from '../api/types'
import { visit } from '../test/render'
import { type Answers, refused, serve } from '../test/server'
import { streams } from '../test/stream'
import { aJob, ground, page } from '../test/world'
import { withJob } from './news'

const news = (part: Partial<JobNews> = {}): JobNews => {
  const { result: _, ...job } = aJob(part)
  return job
}
const line = (n: number, text: string) => ({ n, at: '2026-03-01T12:00:00Z', text })
const served = (more: Answers = {}) =>
  serve({
    ...ground(),
    'GET jobs': ({ query }) => (query.state === 'queued' ? page() : page(aJob())),
    'GET jobs/{job_id}': aJob(),
    'GET jobs/{job_id}/log': ({ query }) =>
      query.after ? { lines: [], next: 1 } : { lines: [line(1, 'epoch 1')], next: 1 },
    ...more,
  })

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }))
afterEach(() => void vi.useRealTimers())
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds))

async function watched(more: Answers = {}) {
  const stream = streams()
  const server = served(more)
  const drawn = await visit('/jobs/31')
  await screen.findByText('Epoch 3 of 12')
  await stream.tell()
  await screen.findByText('epoch 1')
  await pass(2000)
  const before = server.sent().length
  return { stream, server, asked: () => server.sent().slice(before), ...drawn }
}

describe('a page that watches a job', () => {
  it('shows its progress and its log as they come, and asks for nothing', async () => {
    const { stream, asked } = await watched()
    for (const epoch of [4, 5, 6])
      await stream.tell({
        job: news({ message: `epoch ${epoch} of 12`, progress: epoch / 12 }),
        log: { job: 31, after: epoch === 4 ? 1 : epoch - 1, lines: [line(epoch, `epoch ${epoch}`)] },
        spread: 0,
      })
    expect(await screen.findByText('epoch 6 of 12')).toBeTruthy()
    expect(screen.getByText('epoch 4')).toBeTruthy()
    expect(screen.getByText('epoch 6')).toBeTruthy()
    await waitFor(() => expect(document.title).toMatch(/^50% /))
    await pass(30_000)
    expect(asked()).toEqual([])
  })

  it('reads the lines that lie between', async () => {
    const { stream, asked } = await watched()
    await stream.tell({ job: news(), log: { job: 31, after: 7, lines: [line(8, 'late')] } })
    await waitFor(() => expect(asked().map(({ query }) => query.after)).toEqual(['1']))
  })

  it('says how it ended, once', async () => {
    const { stream, server } = await watched()
    const done = aJob({ state: 'succeeded', progress: 1, link: '/runs/71' })
    server.answer({ 'GET jobs/{job_id}': done, 'GET jobs': page() })
    const { result: _, ...ended } = done
    await stream.tell({ job: ended, spread: 0 })
    expect(await screen.findByRole('link', { name: 'Open the result' })).toBeTruthy()
    expect((await screen.findAllByText(/Train night/)).length).toBeGreaterThan(1) // the note
  })

  it('reads once more what it was reading as the job ended', async () => {
    const done = aJob({ state: 'succeeded', progress: 1 })
    let answer: (job: Job) => void = () => {}
    const early = new Promise<Job>((resolve) => {
      answer = resolve
    })
    const stream = streams()
    const one = 'GET jobs/{job_id}'
    const server = served({ 'GET jobs': page(), [one]: () => (server.sent(one).length === 1 ? early : done) })
    await visit('/jobs/31')
    await waitFor(() => expect(server.sent(one)).toHaveLength(1))
    const { result: _, ...ended } = done
    await stream.tell({ job: ended, spread: 0 })
    await pass(10)
    answer(aJob())
    expect(await screen.findByText('Succeeded')).toBeTruthy()
  })

  it('shows a job that somebody else starts', async () => {
    const { stream, asked } = await watched()
    await stream.tell({ job: news({ id: 32, title: 'Import zip', state: 'queued' }), spread: 0 })
    expect(await screen.findByRole('button', { name: /2 jobs running/ })).toBeTruthy()
    expect(asked().filter(({ route }) => route === 'GET jobs')).toEqual([])
  })
})

describe('a stream', () => {
  it('that breaks is opened again, and pages ask meanwhile', async () => {
    const { stream, asked } = await watched()
    vi.spyOn(Math, 'random').mockReturnValue(0.99)
    await stream.break()
    expect(stream.count()).toBe(0)
    await waitFor(() => expect(asked().map(({ route }) => route)).toContain('GET jobs/{job_id}'))
    await pass(3100)
    expect(stream.count()).toBe(1)
    vi.restoreAllMocks()
  })

  it('that breaks with the server is told as every outage', async () => {
    const { stream, server } = await watched()
    server.answer({ 'GET health': () => refused(503, { reason: 'database_away', detail: 'away' }) })
    await stream.break()
    expect(await screen.findByText(/does not answer just now/)).toBeTruthy()
  })

  it('that falls silent is given up', async () => {
    const { stream } = await watched()
    await pass(30_000)
    await stream.tell()
    await pass(30_000)
    expect(stream.made()).toBe(1)
    await pass(15_000)
    expect(stream.made()).toBe(2)
    expect(stream.count()).toBe(1)
  })

  it('is let go of by a page that is hidden, and opened again when it is seen', async () => {
    const { stream, asked } = await watched()
    const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(stream.count()).toBe(0)
    seen.mockReturnValue('visible')
    await act(async () => void document.dispatchEvent(new Event('visibilitychange')))
    expect(stream.count()).toBe(1)
    await stream.tell()
    await waitFor(() => expect(asked().map(({ route }) => route)).toContain('GET jobs/{job_id}'))
    seen.mockRestore()
  })

  it('tells how full the disk is', async () => {
    const { stream } = await watched()
    await stream.tell({ disk: { state: 'low', free: 0.08 } })
    expect(await screen.findByText(/filling up: 8%/)).toBeTruthy()
  })
})

describe('withJob', () => {
  it('writes news wherever the job stands, and leaves the rest as it is', () => {
    const other = aJob({ id: 32 })
    const data = { items: [{ id: 71, job: aJob() }, { id: 31, name: 'no job' }, { job: other }] }
    const { items } = withJob(data, news({ progress: 0.9 }))
    expect(items[0]).toEqual({ id: 71, job: aJob({ progress: 0.9 }) })
    expect(items[1]).toBe(data.items[1])
    expect(items[2]!.job).toBe(other)
    expect(withJob(data, news({ id: 99 }))).toBe(data)
  })
})
