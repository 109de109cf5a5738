/**
 * One sitting at a task: all time since it was opened, and how much of it led up to each step.
 *
 * A step has the time since the step before it, or since the task was opened; what is left at the end is looking. The
 * sitting is told whole with every save, so that a save that is sent twice counts once.
 */

import type { Activity } from '../activity'
import type { Content } from '../canvas/content'
import type { LabelDocument, StepName } from '../canvas/document'

export type StepKind = 'draw' | 'move' | 'relabel' | 'attribute' | 'delete' | 'accept' | 'reject'
export type TimedStep = { kind: StepKind; class_id: number | null; seconds: number }
export type SittingSoFar = { key: string; seconds: number; steps: TimedStep[] }

/** Steps that are not here leave their time to the step after them. */
const KIND_OF: Partial<Record<StepName, StepKind>> = {
  draw: 'draw',
  paste: 'draw',
  click: 'draw',
  fill: 'accept',
  tighten: 'move',
  move: 'move',
  resize: 'move',
  reshape: 'move',
  box_only: 'move',
  class: 'relabel',
  ignore: 'attribute',
  attributes: 'attribute',
  delete: 'delete',
  accept: 'accept',
  reject: 'reject',
}
/** The server takes 1,000 of one sitting. */
const MOST_STEPS = 900

export class Sitting {
  private key = newKey()
  private steps: TimedStep[] = []
  /** Seconds of the activity at which this sitting began, and at the last step. */
  private began = 0
  private counted = 0
  private readonly activity: Activity

  constructor(activity: Activity) {
    this.activity = activity
  }

  /** What led from one document to the next, at `now` (milliseconds). */
  follow(before: LabelDocument, after: LabelDocument, now: number): void {
    if (before === after) return
    const step = after.past.at(-1)
    const kind = step && KIND_OF[step.name]
    if (!kind || isUndoOrRedo(before, after)) return
    this.count(kind, classOf(before.now, after.now), after.past === before.past, now)
  }

  soFar(now: number): SittingSoFar {
    const seconds = rounded(this.activity.seconds(now) - this.began)
    return { key: this.key, seconds, steps: this.steps }
  }

  /** @param goesOn whether it is one step with the one before, as a held arrow key is */
  private count(kind: StepKind, class_id: number | null, goesOn: boolean, now: number): void {
    const total = this.activity.seconds(now)
    const seconds = rounded(total - this.counted)
    this.counted = total
    const last = this.steps.at(-1)
    if (goesOn && last?.kind === kind) {
      this.steps = [...this.steps.slice(0, -1), { ...last, seconds: rounded(last.seconds + seconds) }]
      return
    }
    if (this.steps.length >= MOST_STEPS) this.beginAnother(total - seconds)
    this.steps = [...this.steps, { kind, class_id, seconds }]
  }

  private beginAnother(at: number): void {
    this.key = newKey()
    this.steps = []
    this.began = at
  }
}

function isUndoOrRedo(before: LabelDocument, after: LabelDocument): boolean {
  return after.past.length < before.past.length || before.future.at(-1)?.before === after.now
}

/** The class of the object that a step was about: of the first that is new or another, else of the first that is gone. */
function classOf(before: Content, after: Content): number | null {
  const known = new Set(before.boxes)
  const changed = after.boxes.find((box) => !known.has(box))
  if (changed) return changed.class_id
  const left = new Set(after.boxes)
  return before.boxes.find((box) => !left.has(box))?.class_id ?? null
}

const rounded = (seconds: number): number => Math.round(Math.max(0, seconds) * 1000) / 1000
const newKey = (): string => crypto.randomUUID().replaceAll('-', '')
