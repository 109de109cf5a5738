// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest'
import { sendBytes, upload } from './upload'

type Sent = { method: string; address: string; headers: Record<string, string>; body: unknown }

/** A server that answers every request with 201 and keeps what was sent. */
function server(): Sent[] {
  const all: Sent[] = []
  class Request {
    status = 201
    responseText = '{"id":5}'
    upload = {}
    onload = () => {}
    sent: Sent = { method: '', address: '', headers: {}, body: null }
    open = (method: string, address: string) => Object.assign(this.sent, { method, address })
    setRequestHeader = (name: string, value: string) => {
      this.sent.headers[name] = value
    }
    send = (body: unknown) => {
      all.push({ ...this.sent, body })
      this.onload()
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request)
  return all
}

afterEach(() => vi.unstubAllGlobals())

it('sends a form without what is not set', async () => {
  const sent = server()
  const file = new File(['[]'], 'results.json')
  const job = await upload('datasets/3/prediction-sets', { file, slice: 7, name: undefined })
  expect(job.id).toBe(5)
  const form = sent[0]!.body as FormData
  expect([...form.keys()]).toEqual(['file', 'slice'])
  expect([(form.get('file') as File).name, form.get('slice')]).toEqual(['results.json', '7'])
  expect(sent[0]).toMatchObject({ method: 'POST', address: '/api/v1/datasets/3/prediction-sets' })
})

it('sends bytes as they are, with where they belong and their digest', async () => {
  const sent = server()
  const bytes = new Blob(['abc'])
  const headers = { 'Content-Digest': 'sha-256=:abc:' }
  await sendBytes('uploads/4/parts', bytes, { query: { offset: 8 }, headers })
  expect(sent[0]).toMatchObject({ method: 'PUT', address: '/api/v1/uploads/4/parts?offset=8', body: bytes })
  expect(sent[0]!.headers).toMatchObject({ ...headers, 'Content-Type': 'application/octet-stream' })
})
