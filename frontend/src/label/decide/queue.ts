/**
 * Decisions on suggestions, as fast as somebody presses keys: each counts on the screen at once, and goes to the server
 * in the background, many together. The last of them can be taken back, saved or not.
 *
 *   saved ──give, undo──▶ unsaved ──after a pause──▶ saving ──200──▶ saved
 *                            ▲                          ├──no answer, 5xx──▶ offline ──retry──▶ saving
 *                            └──────────────────────────┴──4xx──▶ refused ──try again──▶ saving
 */

import { isProblem, type Problem } from '../../api/problem'
import type { Verdict } from '../../api/types'

/** A verdict, and with "corrected" the class that it is. */
export type Given = { readonly verdict: Verdict; readonly classId: number | null }
export type Sent = { id: number; verdict: Verdict; class_id: number | null }
export type Answer = { decided: number[]; left: { id: number; left_because: string }[] }

export type QueuePhase = 'saved' | 'unsaved' | 'saving' | 'offline' | 'refused'
export type QueueState = {
  readonly phase: QueuePhase
  /** What was given here, by suggestion. */
  readonly given: ReadonlyMap<number, Given>
  /** Why the server left a suggestion as it is. */
  readonly left: ReadonlyMap<number, string>
  /** Decisions that the server does not have yet. */
  readonly waiting: number
  /** How many steps can be taken back. */
  readonly steps: number
  readonly problem: Problem | null
}

const PAUSE_MS = 600
const MOST_AT_ONCE = 100
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 30_000
const MOST_STEPS = 200

export class DecisionQueue {
  private current: QueueState = {
    phase: 'saved',
    given: new Map(),
    left: new Map(),
    waiting: 0,
    steps: 0,
    problem: null,
  }
  private readonly listeners = new Set<() => void>()
  private readonly send: (decisions: Sent[]) => Promise<Answer>
  private readonly steps: Map<number, Given>[] = []
  private waiting = new Map<number, Given>()
  private timer: ReturnType<typeof setTimeout> | null = null
  private flying: Promise<void> | null = null
  private failures = 0

  constructor(send: (decisions: Sent[]) => Promise<Answer>) {
    this.send = send
  }

  get state(): QueueState {
    return this.current
  }
  get dirty(): boolean {
    return this.waiting.size > 0 || this.flying !== null
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Gives one verdict to all of them: one step. `before` are the verdicts that the page loaded. */
  give(rows: readonly { id: number; verdict: Verdict }[], given: Given): void {
    const before = new Map(rows.map((row) => [row.id, this.of(row)]))
    const changed = new Map([...before].filter(([, was]) => !sameGiven(was, given)))
    if (changed.size === 0) return
    this.steps.push(changed)
    if (this.steps.length > MOST_STEPS) this.steps.shift()
    this.put(new Map([...changed.keys()].map((id) => [id, given])))
  }

  /** Takes the last step back; returns the suggestions that it was about. */
  undo(): number[] {
    const last = this.steps.pop()
    if (!last) return []
    this.put(last)
    return [...last.keys()]
  }

  /** What counts for a suggestion now. */
  of({ id, verdict }: { id: number; verdict: Verdict }): Given {
    return this.current.given.get(id) ?? { verdict, classId: null }
  }

  /** Sends all that waits; true when the server has everything. */
  async flush(): Promise<boolean> {
    this.unschedule()
    while (this.flying) await this.flying
    while (this.waiting.size > 0) {
      await this.fly()
      if (this.current.phase === 'offline' || this.current.phase === 'refused') return false
    }
    return true
  }

  dispose(): void {
    this.unschedule()
    this.listeners.clear()
  }

  private put(changed: ReadonlyMap<number, Given>): void {
    for (const [id, given] of changed) this.waiting.set(id, given)
    const left = new Map([...this.current.left].filter(([id]) => !changed.has(id)))
    this.set({ given: new Map([...this.current.given, ...changed]), left })
    if (this.current.phase === 'offline') return
    if (!this.flying) this.set({ phase: 'unsaved' })
    this.schedule(PAUSE_MS)
  }

  private fly(): Promise<void> {
    this.flying = this.sendSome().finally(() => {
      this.flying = null
    })
    return this.flying
  }

  private async sendSome(): Promise<void> {
    const some = [...this.waiting].slice(0, MOST_AT_ONCE)
    for (const [id] of some) this.waiting.delete(id)
    this.set({ phase: 'saving', problem: null })
    try {
      const answer = await this.send(
        some.map(([id, { verdict, classId }]) => ({
          id,
          verdict,
          class_id: verdict === 'corrected' ? classId : null,
        })),
      )
      this.failures = 0
      this.landed(answer)
    } catch (error) {
      this.waiting = new Map([...some, ...this.waiting])
      this.failed(error)
    }
  }

  /** What was left shows the verdict that it had, and why; a decision given meanwhile stays. */
  private landed(answer: Answer): void {
    const given = new Map(this.current.given)
    const left = new Map(this.current.left)
    for (const { id, left_because } of answer.left) {
      if (!this.waiting.has(id)) given.delete(id)
      left.set(id, left_because)
    }
    this.set({ phase: this.waiting.size > 0 ? 'unsaved' : 'saved', given, left })
    if (this.waiting.size > 0) this.schedule(PAUSE_MS)
  }

  private failed(error: unknown): void {
    const problem = isProblem(error) ? error : null
    if (problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      this.set({ phase: 'refused', problem })
      return
    }
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LONGEST_RETRY_MS)
    this.failures += 1
    this.set({ phase: 'offline' })
    this.schedule(wait)
  }

  private schedule(milliseconds: number): void {
    this.unschedule()
    this.timer = setTimeout(() => void this.flush(), milliseconds)
  }

  private unschedule(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private set(part: Partial<QueueState>): void {
    const counts = { waiting: this.waiting.size, steps: this.steps.length }
    this.current = { ...this.current, ...part, ...counts }
    for (const listener of this.listeners) listener()
  }
}

const sameGiven = (a: Given, b: Given): boolean => a.verdict === b.verdict && a.classId === b.classId
