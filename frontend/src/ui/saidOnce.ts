import { useEffect, useMemo, useSyncExternalStore } from 'react'

/** What is said on the page at the moment, each by those who would say it, the first of them first. */
const saying = new Map<string, symbol[]>()
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of [...listeners]) listener()
}

function join(text: string, who: symbol): () => void {
  saying.set(text, [...(saying.get(text) ?? []), who])
  tell()
  return () => {
    const others = (saying.get(text) ?? []).filter((one) => one !== who)
    if (others.length > 0) saying.set(text, others)
    else saying.delete(text)
    tell()
  }
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Whether this is the one place that says it, of all on the page that would say the same. */
export function useSaidHere(text: string): boolean {
  const who = useMemo(() => Symbol('says'), [])
  useEffect(() => join(text, who), [text, who])
  const first = useSyncExternalStore(subscribe, () => saying.get(text)?.[0])
  return first === undefined || first === who
}
