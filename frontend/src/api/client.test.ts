// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, call, get, post } from './client'
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
    expect(await get('me')).toEqual({ id: 1 })
    answer(204, null)
    expect(await call('DELETE', 'slices/1')).toBeUndefined()
  })

  it('repeats the CSRF cookie in unsafe calls only', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in jsdom
    document.cookie = 'csrftoken=abc'
    const fetched = answer(200, {})
    await post('projects', { name: 'x' })
    await get('projects')
    const headers = fetched.mock.calls.map(
      (of) => (of as unknown as [string, RequestInit])[1].headers as Record<string, string>,
    )
    expect(headers[0]!['X-CSRFToken']).toBe('abc')
    expect(headers[1]!['X-CSRFToken']).toBeUndefined()
  })

  it('throws the problem that the server names', async () => {
    answer(409, { title: 'Conflict', detail: 'The name is taken.', errors: { name: 'taken' }, column: 4 })
    const error = await post('slices', {}).catch((thrown) => thrown)
    expect(isProblem(error, 409)).toBe(true)
    expect(error).toMatchObject({
      detail: 'The name is taken.',
      errors: { name: ['taken'] },
      body: { column: 4 },
    })
  })

  it('says so where the server cannot be reached or answers no JSON', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    expect(await get('me').catch((thrown) => thrown)).toMatchObject({ status: 0, isOffline: true })
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
    expect(await get('me').catch((thrown) => thrown)).toMatchObject({ status: 502, detail: '' })
    expect(new Problem(500, {}).message).toBe('HTTP 500')
  })
})
