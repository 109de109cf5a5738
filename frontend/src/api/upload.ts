import type { Answer, BytesPath, Form, Headers, Only, Path, Query } from './calls'
import { addressOf, csrfToken } from './client'
import { Problem } from './problem'
import { noteRefused } from './session'

type UploadOptions = { onProgress?: (share: number) => void; signal?: AbortSignal }

/**
 * Sends a form with files and tells how much has gone out (0–1).
 * XMLHttpRequest, because fetch does not report upload progress.
 */
export function upload<P extends Path<'post'>, F extends Form<P>>(
  path: P,
  fields: Only<F, Form<P>>,
  options: UploadOptions = {},
): Promise<Answer<'post', P>> {
  return send('POST', addressOf(path), formOf(fields), {}, options)
}

/** Sends bytes as they are. */
export function sendBytes<P extends BytesPath>(
  path: P,
  bytes: Blob,
  { query, headers, ...options }: UploadOptions & { query: Query<'put', P>; headers: Headers<'put', P> },
): Promise<Answer<'put', P>> {
  const said = { 'Content-Type': 'application/octet-stream', ...headers }
  return send('PUT', addressOf(path, query), bytes, said, options)
}

/** What is not set is left out. */
function formOf(fields: object): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(name, value instanceof Blob ? value : String(value))
  }
  return form
}

function send<T>(
  method: string,
  address: string,
  body: FormData | Blob,
  headers: object,
  { onProgress, signal }: UploadOptions,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, address)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('X-CSRFToken', csrfToken())
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total)
    request.onerror = () => reject(Problem.offline())
    request.onabort = () => reject(new DOMException('Upload stopped', 'AbortError'))
    request.onload = () => settle(request, resolve, reject)
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}

function settle<T>(request: XMLHttpRequest, resolve: (value: T) => void, reject: (error: Error) => void) {
  const body = parsed(request.responseText)
  if (request.status >= 200 && request.status < 300) return resolve(body as T)
  noteRefused('', request.status)
  reject(new Problem(request.status, (body as Record<string, unknown>) ?? { title: request.statusText }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
