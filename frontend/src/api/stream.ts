import type { News } from './types'

/**
 * The one stream of news that an open page has: what happens to jobs, as it happens. Hidden pages let go of it, since a
 * browser has few connections for all its tabs. While it cannot be had, pages ask now and then (following.ts).
 */

const ADDRESS = '/api/v1/events'
const SILENCE_MS = 40_000 // the server says something every 15 seconds
const FIRST_MS = 1_000
const LONGEST_MS = 30_000

export type Standing = 'open' | 'lost' | 'closed'
type Told = { news: (news: News) => void; standing: (standing: Standing) => void }

let source: EventSource | null = null
let standing: Standing = 'closed'
let wanted = false
let pause = FIRST_MS
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<Partial<Told>>()

/** Whether news arrive: nothing need be asked for. */
export const isOpen = (): boolean => standing === 'open'

/** Hears news, or how the stream stands, until the answer is called. */
export function hear(listener: Partial<Told>): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Keeps a stream open while the page can be seen, until the answer is called. */
export function keepOpen(): () => void {
  if (typeof EventSource === 'undefined') return () => undefined
  wanted = true
  document.addEventListener('visibilitychange', follow)
  follow()
  return () => {
    wanted = false
    document.removeEventListener('visibilitychange', follow)
    follow()
  }
}

/** Tries at once, where it would have waited. */
export function tryAgain(): void {
  if (wanted && !source) follow()
}

/** Resolves when news arrive, or after so many milliseconds: what is read then misses nothing. */
export async function opened(patience: number): Promise<void> {
  await null // a page that is being drawn opens it in the same breath
  if (isOpen() || !source) return
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(late)
      stop()
      resolve()
    }
    const late = setTimeout(done, patience)
    const stop = hear({ standing: done })
  })
}

function follow(): void {
  if (wanted && document.visibilityState === 'visible') open()
  else letGo('closed')
}

function open(): void {
  if (source) return
  clearTimeout(timer)
  source = new EventSource(ADDRESS)
  source.onmessage = ({ data }) => take(JSON.parse(data))
  source.onerror = lose
  timer = setTimeout(lose, SILENCE_MS)
}

function take(news: News): void {
  clearTimeout(timer)
  timer = setTimeout(lose, SILENCE_MS)
  pause = FIRST_MS
  stand('open')
  for (const listener of [...listeners]) listener.news?.(news)
}

/** Not all pages of a server that was started anew come at the same moment. */
function lose(): void {
  letGo('lost')
  timer = setTimeout(follow, pause * (1 + 2 * Math.random()))
  pause = Math.min(LONGEST_MS, pause * 2)
}

function letGo(now: Standing): void {
  clearTimeout(timer)
  source?.close()
  source = null
  stand(now)
}

function stand(now: Standing): void {
  if (now === standing) return
  standing = now
  for (const listener of [...listeners]) listener.standing?.(now)
}
