import { address, csrfToken } from './client'
import { Problem } from './problem'

type UploadOptions = { onProgress?: (share: number) => void; signal?: AbortSignal }

/**
 * Sends a form with files and tells how much has gone out (0–1).
 * XMLHttpRequest, because fetch does not report upload progress.
 */
export function upload<T>(path: string, form: FormData, options: UploadOptions = {}): Promise<T> {
  return send<T>('POST', path, form, {}, options)
}

/** Sends bytes as they are. */
export function sendBytes<T>(
  path: string,
  bytes: Blob,
  headers: Record<string, string>,
  options: UploadOptions,
): Promise<T> {
  return send<T>('PUT', path, bytes, { 'Content-Type': 'application/octet-stream', ...headers }, options)
}

function send<T>(
  method: string,
  path: string,
  body: FormData | Blob,
  headers: Record<string, string>,
  { onProgress, signal }: UploadOptions,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, address(path))
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
  if (request.status >= 200 && request.status < 300) resolve(body as T)
  else reject(new Problem(request.status, (body as Record<string, unknown>) ?? { title: request.statusText }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
