import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { keepOpen } from '../api/stream'
import { show } from '../test/render'
import { refused, serve } from '../test/server'
import { streams } from '../test/stream'
import { LogView } from './LogView'

const ROUTE = 'GET jobs/{job_id}/log'
const lines = (...numbers: number[]) => ({
  lines: numbers.map((n) => ({ n, at: '2026-03-01T12:00:00Z', text: `line ${n}` })),
  next: numbers.at(-1) ?? 0,
})

describe('LogView', () => {
  it('reads on from the last line until all is there', async () => {
    const server = serve({
      [ROUTE]: ({ query }) => (query.after === '2' ? lines(3) : query.after ? lines() : lines(1, 2)),
    })
    await show(<LogView path="jobs/31/log" job={31} live={false} />)
    expect(await screen.findByText('line 3')).toBeTruthy()
    const asked = server.sent(ROUTE).map(({ query }) => query.after)
    expect(asked.slice(0, 2)).toEqual([undefined, '2'])
  })

  it('says that nothing was written', async () => {
    serve({ [ROUTE]: lines() })
    await show(<LogView path="jobs/31/log" job={31} live={false} />)
    expect(await screen.findByText('Nothing was written yet.')).toBeTruthy()
  })

  it('reads what it is told of before it has read anything', async () => {
    let answer: (log: ReturnType<typeof lines>) => void = () => {}
    const early = new Promise<ReturnType<typeof lines>>((resolve) => {
      answer = resolve
    })
    const stream = streams()
    const server = serve({ [ROUTE]: () => (server.sent(ROUTE).length === 1 ? early : lines(1)) })
    const stop = keepOpen()
    await show(<LogView path="jobs/31/log" job={31} live />)
    await waitFor(() => expect(server.sent(ROUTE)).toHaveLength(1))
    await stream.tell({ log: { job: 31, ...lines(1), after: 0 } })
    answer(lines())
    expect(await screen.findByText('line 1')).toBeTruthy()
    stop()
  })

  it('says why it cannot be read', async () => {
    serve({ [ROUTE]: () => refused(403, { detail: 'Not yours.' }) })
    await show(<LogView path="jobs/31/log" job={31} live={false} />)
    expect(await screen.findByText('Not yours.')).toBeTruthy()
  })
})
