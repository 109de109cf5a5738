/**
 * Whether somebody is still signed in: told by the calls themselves, whichever page, dialog or background read they come
 * from, and heard in one place (routes.tsx), which asks for the password and comes back.
 */

/** What tells by its own words whether one may come in. */
const ASKED_BY_ITSELF = new Set(['auth/login', 'auth/me'])

const listeners = new Set<() => void>()

/** Hears of a session that has ended, until the answer is called. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Of every refused call: its path below `/api/v1/` and its status. */
export function noteRefused(path: string, status: number): void {
  if (status !== 401 || ASKED_BY_ITSELF.has(path)) return
  for (const listener of [...listeners]) listener()
}
