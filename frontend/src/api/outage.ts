import { useSyncExternalStore } from 'react'
import { Problem } from './problem'

/**
 * Whether the platform answers at the moment: told by the calls themselves, shown by the frame, which asks until it
 * does again. A refused call is no outage, nor is a storage that is away: everything else still works.
 */
let current: Problem | null = null
const listeners = new Set<() => void>()

export const isOutage = (error: unknown): error is Problem =>
  error instanceof Problem &&
  (error.isOffline ||
    error.status === 502 ||
    error.status === 504 ||
    (error.status === 503 && String(error.body.reason ?? '').endsWith('_away')))

export function noteOutage(problem: Problem | null): void {
  if ((problem === null) === (current === null)) return
  current = problem
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The problem that began the outage; null while all is well. */
export const useOutage = (): Problem | null => useSyncExternalStore(subscribe, () => current)
