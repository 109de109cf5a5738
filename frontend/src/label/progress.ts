import type { TaskState } from '../api/types'

export const TASK_STATES: readonly TaskState[] = ['to_label', 'in_progress', 'in_review', 'done', 'skipped']

export const totalOf = (tasks: Partial<Record<TaskState, number>>): number =>
  TASK_STATES.reduce((sum, state) => sum + (tasks[state] ?? 0), 0)

/** Tasks on which nobody needs to work any more. */
export const finishedOf = (tasks: Partial<Record<TaskState, number>>): number =>
  (tasks.done ?? 0) + (tasks.skipped ?? 0)
