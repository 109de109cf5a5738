import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, del, get, post, put } from './client'
import { isProblem, Problem } from './problem'

function answer(status: number, body: unknown) {
  const fetched = vi.fn(async () => new Response(status === 204 ? null : JSON.stringify(body), { status }))
  vi.stubGlobal('fetch', fetched)
  return fetched
}

afterEach(() => vi.unstubAllGlobals())

describe('address', () => {
  it('leaves out what is not set and escapes the rest', () => {
    expect(address('datasets/1/images', { q: 'a = "b & c"', after: '', slice: null, limit: 0 })).toBe(
      '/api/v1/datasets/1/images?q=a+%3D+%22b+%26+c%22&limit=0',
    )
  })
})

describe('call', () => {
  it('gives back the JSON of an answer, and nothing of an empty one', async () => {
    answer(200, { id: 1 })
    expect(await get('auth/me', {})).toEqual({ id: 1 })
    answer(204, null)
    expect(await del('slices/1')).toBeUndefined()
  })

  it('repeats the CSRF cookie in unsafe calls only', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in jsdom
    document.cookie = 'csrftoken=abc'
    const fetched = answer(200, {})
    await post('projects', { name: 'x' })
    await get('projects', {})
    const headers = fetched.mock.calls.map(
      (of) => (of as unknown as [string, RequestInit])[1].headers as Record<string, string>,
    )
    expect(headers[0]!['X-CSRFToken']).toBe('abc')
    expect(headers[1]!['X-CSRFToken']).toBeUndefined()
  })

  it('sends what was seen with what is saved', async () => {
    const fetched = answer(200, { version: 4 })
    await put('tasks/1', { boxes: [] }, { 'If-Match': '"3"' })
    expect(fetched.mock.calls[0]).toMatchObject([
      '/api/v1/tasks/1',
      {
        method: 'PUT',
        body: '{"boxes":[]}',
        headers: { 'If-Match': '"3"', 'Content-Type': 'application/json' },
      },
    ])
  })

  it('sends neither body nor content type where there is nothing to send', async () => {
    const fetched = answer(200, {})
    await post('jobs/1/cancel')
    const [address, sent] = fetched.mock.calls[0] as unknown as [string, RequestInit]
    expect([address, sent.method, sent.body]).toEqual(['/api/v1/jobs/1/cancel', 'POST', undefined])
    expect(sent.headers).not.toHaveProperty('Content-Type')
  })

  it('ends with the signal, and says no more than that', async () => {
    const stop = new AbortController()
    vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => signal!.throwIfAborted())
    stop.abort()
    const error = await get('auth/me', {}, stop.signal).catch((thrown) => thrown)
    expect(error).toMatchObject({ name: 'AbortError' })
  })

  it('throws the problem that the server names', async () => {
    answer(409, { title: 'Conflict', detail: 'The name is taken.', errors: { name: 'taken' }, column: 4 })
    const error = await post('datasets/1/slices', { name: 'taken' }).catch((thrown) => thrown)
    expect(isProblem(error, 409)).toBe(true)
    expect(error).toMatchObject({
      detail: 'The name is taken.',
      errors: { name: ['taken'] },
      body: { column: 4 },
    })
  })

  it('says so where the server cannot be reached or answers no JSON', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    expect(await get('auth/me', {}).catch((thrown) => thrown)).toMatchObject({ status: 0, isOffline: true })
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
    expect(await get('auth/me', {}).catch((thrown) => thrown)).toMatchObject({ status: 502, detail: '' })
    expect(new Problem(500, {}).message).toBe('HTTP 500')
  })
})
