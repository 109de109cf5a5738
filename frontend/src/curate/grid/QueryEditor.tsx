import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, linter, setDiagnostics } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder as placeholderText } from '@codemirror/view'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { QueryCheck } from '../../api/types'
import { completeQuery } from './completion'
import classes from './QueryLine.module.css'
import { completionsQuery } from './queries'
import { queryColours, queryTheme } from './queryTheme'

export type EditorProps = {
  dataset: number
  text: string
  setText: (text: string) => void
  send: () => void
  error: QueryCheck['error']
  label: string
  placeholder: string
}

/** The query line as an editor of one line. Loaded on first use; it takes the focus over from the plain field. */
export function QueryEditor({ dataset, text, setText, send, error, label, placeholder }: EditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const queries = useQueryClient()
  const latest = useRef({ text, setText, send })
  latest.current = { text, setText, send }

  useEffect(() => {
    if (!place.current) return
    const state = EditorState.create({
      doc: latest.current.text,
      selection: { anchor: latest.current.text.length },
      extensions: [
        oneLine,
        history(),
        closeBrackets(),
        queryColours,
        queryTheme,
        linter(null),
        placeholderText(placeholder),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
        autocompletion({
          override: [completeQuery(() => queries.ensureQueryData(completionsQuery(dataset)))],
          icons: false,
        }),
        Prec.low(
          keymap.of([
            { key: 'Enter', run: () => sent(latest.current.send) },
            { key: 'Escape', run: left }, // once no list of completions is open
          ]),
        ),
        keymap.of([
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap.filter(({ key }) => key !== 'Enter'),
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.setText(update.state.doc.toString())
        }),
      ],
    })
    const made = new EditorView({ state, parent: place.current })
    view.current = made
    made.focus()
    return () => made.destroy()
  }, [dataset, label, placeholder, queries])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === text) return
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: text },
      selection: { anchor: text.length },
    })
  }, [text])

  useEffect(() => {
    const editor = view.current
    if (editor)
      editor.dispatch(
        setDiagnostics(editor.state, error ? [diagnosticOf(error, editor.state.doc.toString())] : []),
      )
  }, [error])

  return <div ref={place} className={classes.editor} />
}

/** A key binding says that it has dealt with the key. */
function sent(send: () => void): true {
  send()
  return true
}

/** Escape leads out of the line, back to the keys of the page. */
function left(view: EditorView): true {
  view.contentDOM.blur()
  return true
}

/** Line breaks that are pasted become spaces. */
const oneLine = EditorState.transactionFilter.of((transaction) =>
  transaction.newDoc.lines > 1
    ? [
        transaction,
        {
          changes: {
            from: 0,
            to: transaction.newDoc.length,
            insert: transaction.newDoc.toString().replace(/\s*\n\s*/g, ' '),
          },
          sequential: true,
        },
      ]
    : transaction,
)

/** From the column that the server names (1 is the first) to the end of the word there. */
function diagnosticOf(error: NonNullable<QueryCheck['error']>, text: string): Diagnostic {
  const from = Math.min(Math.max(0, error.column - 1), Math.max(0, text.length - 1))
  const word = /^(?:"[^"]*"?|[\p{L}\p{N}_-]+|.)/u.exec(text.slice(from))?.[0] ?? ''
  return {
    from,
    to: Math.min(text.length, from + Math.max(1, word.length)),
    severity: 'error',
    message: error.message,
  }
}
