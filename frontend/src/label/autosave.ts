/**
 * Saves a task by itself, so that nothing typed is lost.
 *
 *   saved ──change──▶ unsaved ──after a pause──▶ saving ──200──▶ saved
 *                        ▲                         ├──no answer, 5xx──▶ offline ──retry──▶ saving
 *                        └──change while saving────┤
 *                                                  ├──412──▶ conflict ──keep mine──▶ saving
 *                                                  │                  └─take theirs─▶ saved
 *                                                  └──other 4xx──▶ refused ──change──▶ unsaved
 *
 * Every change is kept as a draft on this machine before it is sent; the draft goes when the server has it.
 */

import { isProblem, type Problem } from '../api/problem'
import type { Task, TaskState, Verdict } from '../api/types'
import type { AssistTold } from './assist/telling'
import { changedVerdicts, sameBoxes, sameContent } from './canvas/compare'
import type { Content, LabelBox } from './canvas/content'
import type { SittingSoFar } from './timing/sitting'

/** What is left out stays as it is on the server. */
export type SaveBody = {
  boxes?: readonly LabelBox[]
  verdicts: { id: number; verdict: Verdict }[]
  state?: TaskState
  sitting: SittingSoFar
  /** What help came to, as far as the server does not have it. */
  assists?: readonly AssistTold[]
}
export type SaveAnswer = { version: number; state: TaskState; saved_at: string }

export type SaveStatus =
  | { readonly phase: 'saved'; readonly at: number | null }
  | { readonly phase: 'unsaved' | 'saving' }
  | { readonly phase: 'offline'; readonly retryAt: number }
  | { readonly phase: 'refused'; readonly problem: Problem }
  | { readonly phase: 'conflict'; readonly theirs: Task }

/** Work that the server does not have yet; `state` is what the task was to become. */
export type Draft = { version: number; content: Content; at: number; state: TaskState | null }

/** What the saving needs of the world. */
export interface SavePort {
  send(body: SaveBody, version: number): Promise<SaveAnswer>
  writeDraft(draft: Draft): void
  dropDraft(): void
  /** All time of this sitting and what it went into, always whole: sent twice it counts once. */
  sitting(): SittingSoFar
  /** Help that the server does not know of yet, and that it has been told. */
  assists?: {
    unsent(content: Content): readonly AssistTold[]
    landed(sent: readonly AssistTold[]): void
  }
  now(): number
}

const PAUSE_MS = 700
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 30_000
/** Seconds. */
const WORTH_TELLING = 0.1
const A_GLANCE = 3

export class Autosave {
  private current: SaveStatus = { phase: 'saved', at: null }
  private readonly listeners = new Set<() => void>()
  private readonly port: SavePort
  private acknowledged: Content
  private content: Content
  private versionKnown: number
  private taskState: TaskState
  private wantedState: TaskState | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private flying: Promise<void> | null = null
  private failures = 0
  private told: SittingSoFar | null = null
  private begun = false

  constructor(port: SavePort, content: Content, version: number, state: TaskState) {
    this.port = port
    this.content = content
    this.acknowledged = content
    this.versionKnown = version
    this.taskState = state
  }

  get status(): SaveStatus {
    return this.current
  }
  get version(): number {
    return this.versionKnown
  }
  get state(): TaskState {
    return this.taskState
  }
  /** What the server has, as far as we know. */
  get base(): Content {
    return this.acknowledged
  }
  get dirty(): boolean {
    return this.wantedState !== null || !sameContent(this.content, this.acknowledged)
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Takes the content as it now is; it is sent after a pause. */
  change(content: Content): void {
    if (content === this.content) return
    this.content = content
    if (this.dirty || this.current.phase === 'conflict') this.becameDirty()
    else this.becameClean()
  }

  /** Sends now; with `state` the task changes to it. True when the server has everything. */
  async save(state?: TaskState): Promise<boolean> {
    if (state) this.want(state)
    if (this.current.phase === 'conflict') return false
    this.unschedule()
    while (this.flying) await this.flying
    if (this.dirty || this.current.phase === 'offline') await this.send()
    return this.current.phase === 'saved'
  }

  /** Sends the seconds worked even if nothing was changed; a glance in which nothing was done is not yet work. */
  async saveSeconds(): Promise<void> {
    const sitting = this.port.sitting()
    const more = sitting.seconds - (this.told?.key === sitting.key ? this.told.seconds : 0)
    if (more <= (this.begun ? WORTH_TELLING : A_GLANCE)) return
    if (this.current.phase === 'saved' && !this.flying) await this.send()
  }

  /** After a conflict: the own work goes on top of the newer version. */
  async keepMine(): Promise<boolean> {
    if (this.current.phase !== 'conflict') return false
    const { theirs } = this.current
    this.versionKnown = theirs.version
    this.acknowledged = contentOf(theirs)
    this.set({ phase: 'unsaved' })
    if (this.dirty) return this.save()
    this.becameClean()
    return true
  }

  /** After a conflict: theirs counts. The page puts it into the document, where undo brings the own work back. */
  takeTheirs(): Content | null {
    if (this.current.phase !== 'conflict') return null
    const { theirs } = this.current
    this.versionKnown = theirs.version
    this.acknowledged = contentOf(theirs)
    this.content = this.acknowledged
    this.taskState = theirs.state
    this.wantedState = null
    this.becameClean()
    return this.acknowledged
  }

  /** A draft was found whose version is no longer the server's; a conflict unless its labels are there (an answer got lost). */
  foundOldDraft(draft: Draft, theirs: Task): void {
    this.content = draft.content
    if (sameContent(draft.content, contentOf(theirs))) this.becameClean()
    else this.set({ phase: 'conflict', theirs })
  }

  /** The server moved the task at somebody's word, with nothing of the content. */
  moved({ version, state }: SaveAnswer): void {
    this.versionKnown = version
    this.taskState = state
  }

  dispose(): void {
    this.unschedule()
    this.listeners.clear()
  }

  private want(state: TaskState): void {
    this.wantedState = state
    this.keepDraft()
  }

  private keepDraft(): void {
    const { versionKnown: version, content, wantedState: state } = this
    this.port.writeDraft({ version, content, state, at: this.port.now() })
  }

  private becameDirty(): void {
    this.keepDraft()
    if (this.current.phase === 'conflict' || this.current.phase === 'offline') return
    if (!this.flying) this.set({ phase: 'unsaved' })
    this.schedule(PAUSE_MS)
  }

  private becameClean(): void {
    this.unschedule()
    this.port.dropDraft()
    this.set({ phase: 'saved', at: this.port.now() })
  }

  private schedule(milliseconds: number): void {
    this.unschedule()
    this.timer = setTimeout(() => void this.save(), milliseconds)
  }

  private unschedule(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private send(): Promise<void> {
    this.flying = this.sendOnce().finally(() => {
      this.flying = null
    })
    return this.flying
  }

  private async sendOnce(): Promise<void> {
    const { content, wantedState } = this
    const sitting = this.port.sitting()
    const assists = this.port.assists?.unsent(content) ?? []
    this.set({ phase: 'saving' })
    try {
      const body = { ...this.body(content, wantedState, sitting), ...(assists.length > 0 ? { assists } : {}) }
      const answer = await this.port.send(body, this.versionKnown)
      this.port.assists?.landed(assists)
      this.told = sitting
      this.begun = true
      this.landed(content, answer)
    } catch (error) {
      this.failed(error)
    }
  }

  private body(content: Content, state: TaskState | null, sitting: SittingSoFar): SaveBody {
    const verdicts = Object.entries(changedVerdicts(this.acknowledged, content)).map(([id, verdict]) => ({
      id: Number(id),
      verdict,
    }))
    const boxes = sameBoxes(content, this.acknowledged) ? {} : { boxes: content.boxes }
    return { ...boxes, verdicts, sitting, ...(state ? { state } : {}) }
  }

  private landed(content: Content, answer: SaveAnswer): void {
    this.failures = 0
    this.acknowledged = content
    this.versionKnown = answer.version
    this.taskState = answer.state
    this.wantedState = null
    if (this.dirty) {
      this.keepDraft()
      this.set({ phase: 'unsaved' })
      this.schedule(PAUSE_MS)
    } else this.becameClean()
  }

  private failed(error: unknown): void {
    const problem = isProblem(error) ? error : null
    if (problem?.status === 412 && problem.body.current) this.overtaken(problem.body.current as Task)
    else if (problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      this.wantedState = null
      this.set({ phase: 'refused', problem })
    } else this.retryLater()
  }

  /**
   * The server has a newer version. It is a conflict only if somebody else changed the labels: not where the newer
   * version is what we have ourselves (an answer got lost), nor where only time or state went on.
   */
  private overtaken(theirs: Task): void {
    const content = contentOf(theirs)
    if (!sameContent(content, this.content) && !sameContent(content, this.acknowledged)) {
      this.set({ phase: 'conflict', theirs })
      return
    }
    const wanted = this.wantedState === theirs.state ? null : this.wantedState
    this.landed(content, { version: theirs.version, state: theirs.state, saved_at: '' })
    this.wantedState = wanted
    if (this.dirty) this.schedule(0)
  }

  private retryLater(): void {
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LONGEST_RETRY_MS)
    this.failures += 1
    this.set({ phase: 'offline', retryAt: this.port.now() + wait })
    this.schedule(wait)
  }

  private set(status: SaveStatus): void {
    this.current = status
    for (const listener of this.listeners) listener()
  }
}

/** What a task as the server has it means for the document. */
export function contentOf(task: Pick<Task, 'boxes' | 'suggestions'>): Content {
  const decided = task.suggestions.filter((one) => one.verdict !== 'pending')
  return {
    boxes: task.boxes,
    decisions: Object.fromEntries(decided.map((one) => [one.id, { verdict: one.verdict, boxId: null }])),
  }
}
