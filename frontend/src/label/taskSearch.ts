import type { TaskState } from '../api/types'
import { whole } from '../ui/address'
import { TASK_STATES } from './progress'

const ISSUES = ['open', 'any', 'none'] as const
const REVIEWS = ['sent_back', 'reviewed', 'unreviewed'] as const

/** Which tasks of a batch are shown; it stands in the address. */
export type TaskSearch = {
  state?: TaskState
  /** A user's id; 0: assigned to nobody. */
  person?: number
  issues?: (typeof ISSUES)[number]
  review?: (typeof REVIEWS)[number]
}

const one = <T>(of: readonly T[], value: unknown): T | undefined => of.find((known) => known === value)

export const readTaskSearch = (search: Record<string, unknown>): TaskSearch => ({
  state: one(TASK_STATES, search.state),
  person: whole(search.person),
  issues: one(ISSUES, search.issues),
  review: one(REVIEWS, search.review),
})
