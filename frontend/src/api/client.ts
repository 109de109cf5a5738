import type { Answer, Body, Headers, Method, Only, Path, Query } from './calls'
import { isOutage, noteOutage } from './outage'
import { Problem } from './problem'
import { noteRefused } from './session'

const ROOT = '/api/v1/'
const SAFE = new Set(['GET', 'HEAD'])

type Parts = {
  query?: object
  /** Sent as JSON. */
  body?: unknown
  headers?: object
  signal?: AbortSignal
}

/** Address of what a GET answers: for links, pictures and downloads. */
export function address<P extends Path<'get'>, Q extends Query<'get', P>>(
  path: P,
  query: Only<Q, Query<'get', P>>,
): string {
  return addressOf(path, query)
}

/** Address below `/api/v1/` with the query's set values; empty strings and nulls are left out. */
export function addressOf(path: string, query: object = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const tail = search.toString()
  return ROOT + path + (tail ? `?${tail}` : '')
}

/** Django's CSRF cookie, which unsafe calls must repeat in a header. */
export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? ''
}

/**
 * One call to the API; what each path takes and answers is in calls.ts.
 * @throws Problem when the server answers with an error or cannot be reached.
 */
export function get<P extends Path<'get'>, Q extends Query<'get', P>>(
  path: P,
  query: Only<Q, Query<'get', P>>,
  signal?: AbortSignal,
): Promise<Answer<'get', P>> {
  return call('get', path, { query, signal })
}

export function post<P extends Path<'post'>, B extends Body<'post', P>>(
  path: P,
  ...[body]: undefined extends Body<'post', P>
    ? [body?: Only<B, Body<'post', P>>]
    : [body: Only<B, Body<'post', P>>]
): Promise<Answer<'post', P>> {
  return call('post', path, { body })
}

export function put<P extends Path<'put'>, B extends Body<'put', P>>(
  path: P,
  body: Only<B, Body<'put', P>>,
  headers: Headers<'put', P>,
): Promise<Answer<'put', P>> {
  return call('put', path, { body, headers })
}

export function patch<P extends Path<'patch'>, B extends Body<'patch', P>>(
  path: P,
  body: Only<B, Body<'patch', P>>,
): Promise<Answer<'patch', P>> {
  return call('patch', path, { body })
}

export function del<P extends Path<'delete'>>(path: P): Promise<Answer<'delete', P>> {
  return call('delete', path, {})
}

/** The one place that takes the server's word for the shape of an answer: tests hold it to the schema. */
async function call<M extends Method, P extends Path<M>>(
  method: M,
  path: P,
  parts: Parts,
): Promise<Answer<M, P>> {
  const response = await send(method.toUpperCase(), path, parts)
  if (!response.ok) {
    noteRefused(path, response.status)
    throw noted(await Problem.from(response))
  }
  return (response.status === 204 ? undefined : await response.json()) as Answer<M, P>
}

async function send(method: string, path: string, parts: Parts): Promise<Response> {
  const { body, query, signal } = parts
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': document.documentElement.lang, // of the page: a new account begins in it
    ...parts.headers,
  }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (!SAFE.has(method)) headers['X-CSRFToken'] = csrfToken()
  try {
    return await fetch(addressOf(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw noted(Problem.offline())
  }
}

function noted(problem: Problem): Problem {
  if (isOutage(problem)) noteOutage(problem)
  return problem
}
