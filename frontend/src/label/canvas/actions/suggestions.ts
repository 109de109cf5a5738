import type { Editor } from '../editor'
import { accept, boxOf, reject, reopen, verdictOf } from '../suggestions'
import { group, hasSuggestion } from './action'

export const suggestionActions = group('suggestions', [
  {
    id: 'next_suggestion',
    keys: ['tab'],
    enabled: ({ editor }) => editor.nextSuggestion(1) !== undefined,
    perform: ({ editor }) => goToSuggestion(editor, 1),
  },
  {
    id: 'previous_suggestion',
    keys: ['shift+tab'],
    enabled: ({ editor }) => editor.nextSuggestion(-1) !== undefined,
    perform: ({ editor }) => goToSuggestion(editor, -1),
  },
  {
    id: 'accept',
    keys: ['a', 'enter'],
    enabled: hasSuggestion,
    perform: ({ editor }) => decide(editor, 'accept'),
  },
  {
    id: 'reject',
    keys: ['r', 'x'],
    enabled: hasSuggestion,
    perform: ({ editor }) => decide(editor, 'reject'),
  },
  { id: 'take_and_edit', keys: ['e'], enabled: hasSuggestion, perform: ({ editor }) => takeAndEdit(editor) },
  {
    id: 'reopen',
    keys: ['u'],
    enabled: ({ editor }) => {
      const suggestion = editor.focusedSuggestion()
      return suggestion !== undefined && verdictOf(editor.content, suggestion) !== 'pending'
    },
    perform: ({ editor }) => {
      const suggestion = editor.focusedSuggestion()
      if (suggestion) editor.commit('reopen', reopen(suggestion))
    },
  },
])

function goToSuggestion(editor: Editor, step: 1 | -1): void {
  const next = editor.nextSuggestion(step)
  if (next) editor.focusSuggestion(next.id)
}

/** Decides the suggestion that is looked at and goes on to the next that is open. */
function decide(editor: Editor, verdict: 'accept' | 'reject'): void {
  const suggestion = editor.focusedSuggestion()
  if (!suggestion) return
  const change =
    verdict === 'accept' ? accept(suggestion, editor.image, () => editor.newId()) : reject(suggestion)
  editor.commit(verdict, change)
  const next = editor.nextSuggestion(1)
  if (next) editor.focusSuggestion(next.id)
}

/** Takes the proposal and leaves its box selected: whatever is changed now makes the verdict "corrected". */
function takeAndEdit(editor: Editor): void {
  const suggestion = editor.focusedSuggestion()
  if (!suggestion) return
  editor.setTool('select')
  editor.commit(
    'accept',
    accept(suggestion, editor.image, () => editor.newId()),
  )
  const box = boxOf(editor.content, suggestion)
  if (box) editor.select([box.id])
}
