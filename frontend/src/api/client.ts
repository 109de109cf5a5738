import { Problem } from './problem'

const ROOT = '/api/v1/'
const SAFE = new Set(['GET', 'HEAD'])

type Query = Record<string, string | number | boolean | null | undefined>
export type CallOptions = {
  query?: Query
  /** Sent as JSON, or as it is when it is a FormData. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Address below `/api/v1/` with the query's set values; empty strings and nulls are left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const tail = search.toString()
  return ROOT + path.replace(/^\//, '') + (tail ? `?${tail}` : '')
}

/** Django's CSRF cookie, which unsafe calls must repeat in a header. */
export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? ''
}

/**
 * One call to the API.
 * @throws Problem when the server answers with an error or cannot be reached.
 */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  if (!response.ok) throw await Problem.from(response)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const form = options.body instanceof FormData
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers }
  if (options.body !== undefined && !form) headers['Content-Type'] = 'application/json'
  if (!SAFE.has(method)) headers['X-CSRFToken'] = csrfToken()
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: form ? (options.body as FormData) : json(options.body),
      signal: options.signal,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw Problem.offline()
  }
}

function json(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body)
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  call<T>('GET', path, { query, signal })
export const post = <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
  call<T>('POST', path, { body, headers })
export const put = <T>(path: string, body: unknown, headers?: Record<string, string>) =>
  call<T>('PUT', path, { body, headers })
export const patch = <T>(path: string, body: unknown) => call<T>('PATCH', path, { body })
export const del = <T = void>(path: string) => call<T>('DELETE', path)
