import type { Clipboard, Editor } from '../editor'

/** What can be done along a sequence; the page provides it where the image is of one. */
export interface TrackHost {
  readonly hasNext: boolean
  readonly hasPrevious: boolean
  next(): void
  previous(): void
  /** Carries the selected boxes to the next frame, or all. */
  carry(all: boolean): void
  /** Computes the selected boxes' tracks between their key frames, or all tracks. */
  fill(): void
  /** Takes the last change of tracks in several frames back. */
  takeBack(): void
  readonly canTakeBack: boolean
}

/** What can be done about the task's review; the page provides it once it knows how that stands. */
export interface ReviewHost {
  /** Whether it is mine to pass or to send back. */
  readonly reviewing: boolean
  readonly hasChanges: boolean
  readonly hasIssues: boolean
  /** Whether one that is not resolved is looked at. */
  readonly hasIssue: boolean
  stepChange(step: 1 | -1): void
  stepIssue(step: 1 | -1): void
  newIssue(): void
  resolve(): void
  sendBack(): void
  /** Shows the image as it was until the key is let go. */
  showBefore(): void
}

/** What lies outside the canvas: the page provides it. */
export interface TaskHost {
  readonly hasNext: boolean
  readonly hasPrevious: boolean
  next(): void
  previous(): void
  finish(): void
  skip(): void
  save(): void
  openClasses(): void
  openComments(): void
  openInstructions(): void
  focusObjects(): void
  readonly tracks?: TrackHost | null
  /** Draws the selected boxes close around their objects. */
  tighten?(): void
  focusAttributes(): void
  focusImageLabels(): void
  /** Tags the image as rejected and skips it; takes that back where it is rejected. */
  rejectImage(): void
  readonly review?: ReviewHost | null
}

export type ActionContext = {
  readonly editor: Editor
  readonly host: TaskHost
  readonly clipboard: Clipboard
}
export type ActionGroup = 'tools' | 'boxes' | 'suggestions' | 'assist' | 'review' | 'view' | 'tracks' | 'task'

export type Action = {
  readonly id: string
  readonly group: ActionGroup
  /** Any of these performs it; the first is the one that menus show. */
  readonly keys: readonly string[]
  enabled(context: ActionContext): boolean
  perform(context: ActionContext): void
}

export type Part = Pick<Action, 'id' | 'keys' | 'perform'> & Partial<Pick<Action, 'enabled'>>

const always = (): boolean => true
export const hasSelection = ({ editor }: Pick<ActionContext, 'editor'>): boolean =>
  editor.selection.length > 0
export const hasSuggestion = ({ editor }: ActionContext): boolean => editor.focusedSuggestion() !== undefined

export function group(name: ActionGroup, parts: readonly Part[]): readonly Action[] {
  return parts.map((part) => ({ enabled: always, ...part, group: name }))
}
