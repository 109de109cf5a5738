import type { TaskPart } from '../../api/types'

/** What is filled in: which tasks, to whom, and how. */
export type Filled = {
  which: 'selected' | 'unfinished' | 'nobodys' | 'range' | 'rest'
  selected: readonly number[]
  /** Numbers as they are shown: 1 is the first. */
  first: number
  last: number
  restOf: number | null
  to: 'people' | 'nobody' | 'stay'
  people: readonly number[]
  bySpeed: boolean
  blocks: boolean
  due: string
}

/** As the API takes it; null while something is missing. */
export function partOf(filled: Filled): TaskPart | null {
  const which = whichOf(filled)
  if (!which) return null
  if (filled.to === 'people' && filled.people.length === 0) return null
  if (filled.to === 'stay' && !filled.due) return null
  const to = filled.to === 'stay' ? {} : { people: filled.to === 'nobody' ? [] : [...filled.people] }
  const due = filled.due ? { due: filled.due } : {}
  return { ...which, ...to, ...due, by_speed: filled.bySpeed, blocks: filled.blocks }
}

function whichOf({ which, selected, first, last, restOf }: Filled): TaskPart | null {
  if (which === 'selected') return selected.length > 0 ? { tasks: [...selected] } : null
  if (which === 'nobodys') return { of: 0 }
  if (which === 'range') return first >= 1 && last >= first ? { first: first - 1, last: last - 1 } : null
  if (which === 'rest') return restOf === null ? null : { of: restOf }
  return {}
}
