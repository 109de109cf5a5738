import { useRef } from 'react'

/** The same map as long as it holds the same values: cells are drawn again only when theirs changed. */
export function useStable<K, V>(map: Map<K, V>): Map<K, V> {
  const kept = useRef(map)
  const same =
    map.size === kept.current.size && [...map].every(([key, value]) => kept.current.get(key) === value)
  if (!same) kept.current = map
  return kept.current
}
