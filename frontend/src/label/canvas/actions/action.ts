import type { Clipboard, Editor } from '../editor'

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
  focusObjects(): void
  focusAttributes(): void
  focusImageLabels(): void
  /** Tags the image as rejected and skips it; takes that back where it is rejected. */
  rejectImage(): void
}

export type ActionContext = {
  readonly editor: Editor
  readonly host: TaskHost
  readonly clipboard: Clipboard
}
export type ActionGroup = 'tools' | 'boxes' | 'suggestions' | 'view' | 'task'

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
export const hasSelection = ({ editor }: ActionContext): boolean => editor.selection.length > 0
export const hasSuggestion = ({ editor }: ActionContext): boolean => editor.focusedSuggestion() !== undefined

export function group(name: ActionGroup, parts: readonly Part[]): readonly Action[] {
  return parts.map((part) => ({ enabled: always, ...part, group: name }))
}
