import { useSyncExternalStore } from 'react'
import { post } from '../../api/client'
import { isProblem } from '../../api/problem'
import type { Job, Metadata, Upload } from '../../api/types'
import { sendBytes } from '../../api/upload'
import type { Format } from './format'
import type { Source } from './source'

/**
 * Uploads go on while one looks at other pages, so they live beside the pages. Nothing here is known to the server: what
 * has arrived is asked of it.
 */
export type Sending = {
  readonly name: string
  readonly size: number
  readonly sent: number
  /** What had arrived when this page began, and when that was: for the rate. */
  readonly from: number
  readonly since: number
  readonly state: 'sending' | 'waiting' | 'finishing'
}

export type Order = {
  dataset: number
  source: Source
  format: Format
  metadata?: Metadata
  dry_run?: boolean
}

const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 15_000
const now = new Map<number, { sending: Sending; stop: AbortController }>()
const listeners = new Set<() => void>()

/** The upload into a dataset that this page is sending. */
export function useSending(dataset: number): Sending | undefined {
  return useSyncExternalStore(subscribe, () => now.get(dataset)?.sending)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell() {
  for (const listener of listeners) listener()
}

/** Stop sending; what has arrived stays on the server, to go on with. */
export function stopSending(dataset: number) {
  now.get(dataset)?.stop.abort()
}

/**
 * Sends an archive in parts, from where an earlier attempt stopped, and has it imported. A lost connection is waited out.
 * @throws Problem when the server refuses; AbortError when stopped
 */
export async function send({ dataset, source, format, metadata, dry_run }: Order): Promise<Job> {
  const stop = new AbortController()
  const { name, size, fingerprint } = source
  let sending: Sending = { name, size, sent: 0, from: 0, since: Date.now(), state: 'sending' }
  const change = (changed: Partial<Sending>) => {
    sending = { ...sending, ...changed }
    now.set(dataset, { sending, stop })
    tell()
  }
  change({})
  window.addEventListener('beforeunload', warn)
  const again = <T>(act: () => Promise<T>) => patiently(act, change, stop.signal)
  try {
    const body = { name, size, fingerprint }
    const upload = await again(() => post(`datasets/${dataset}/uploads`, body))
    change({ sent: upload.offset, from: upload.offset, since: Date.now() })
    await sendParts(upload, source, again, change, stop.signal)
    change({ state: 'finishing', sent: size })
    return await again(() => post(`uploads/${upload.id}/finish`, { format, metadata, dry_run }))
  } finally {
    now.delete(dataset)
    if (now.size === 0) window.removeEventListener('beforeunload', warn)
    tell()
  }
}

type Again = <T>(act: () => Promise<T>) => Promise<T>
type Change = (changed: Partial<Sending>) => void

async function sendParts(upload: Upload, source: Source, again: Again, change: Change, signal: AbortSignal) {
  let { offset } = upload
  while (offset < upload.size) {
    const at = offset
    const part = await source.slice(at, Math.min(at + upload.part_size, upload.size))
    offset = await again(() =>
      sendPart(upload.id, at, part, (share) => change({ sent: at + share * part.size }), signal),
    )
    change({ sent: offset, state: 'sending' })
  }
}

/** @returns where to go on, also where the part had arrived before its answer got lost */
async function sendPart(
  id: number,
  offset: number,
  part: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const headers = await digested(part)
  try {
    const sent = { query: { offset }, headers, onProgress, signal }
    return (await sendBytes(`uploads/${id}/parts`, part, sent)).offset
  } catch (error) {
    if (isProblem(error, 409) && typeof error.body.offset === 'number') return error.body.offset
    throw error
  }
}

/** The part's SHA-256 for the server to check, where the browser may compute one: over HTTPS and on this machine. */
async function digested(part: Blob): Promise<{ 'Content-Digest'?: string }> {
  if (!globalThis.crypto?.subtle) return {}
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await part.arrayBuffer()))
  return { 'Content-Digest': `sha-256=:${btoa(String.fromCharCode(...digest))}:` }
}

/** Tries again while nobody answers, with growing pauses; at once when the browser is back online. */
export async function patiently<T>(
  act: () => Promise<T>,
  change: Change,
  signal: AbortSignal,
  first = FIRST_PAUSE,
): Promise<T> {
  for (let pause = first; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    signal.throwIfAborted()
    try {
      return await act()
    } catch (error) {
      if (!isProblem(error) || !(error.isOffline || error.status >= 500)) throw error
    }
    change({ state: 'waiting' })
    await paused(pause, signal)
    change({ state: 'sending' })
  }
}

function paused(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    window.addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}

function warn(event: BeforeUnloadEvent) {
  event.preventDefault()
}
