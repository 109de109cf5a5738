/** Thresholds of a pre-label by class, in steps of .05: for these the server has counted the boxes. */

import type { components } from '../../api/schema'

export type PrelabelClass = components['schemas']['PrelabelClass']

/** Steps of .05 from 0 on; the last means that no box of the class is written. */
export const STEPS = 20
const NONE = 1.01

export type Chosen = ReadonlyMap<number, number>

/** The class's own threshold, on the nearest step, or what was chosen for it. */
export const stepOf = ({ class_id, threshold }: PrelabelClass, chosen: Chosen): number =>
  chosen.get(class_id) ?? Math.min(Math.round(threshold * STEPS), STEPS - 1)

export const scoreAt = (step: number): number => (step >= STEPS ? NONE : step / STEPS)

/** Boxes that would be written from that step on. */
export const boxesAt = ({ counts }: PrelabelClass, step: number): number => counts[step] ?? 0

export const boxesOf = (classes: readonly PrelabelClass[], chosen: Chosen): number =>
  classes.reduce((sum, one) => sum + boxesAt(one, stepOf(one, chosen)), 0)

/** As the server takes them: all that stand in the table. */
export const thresholdsOf = (classes: readonly PrelabelClass[], chosen: Chosen) =>
  classes.map((one) => ({ class_id: one.class_id, threshold: scoreAt(stepOf(one, chosen)) }))
