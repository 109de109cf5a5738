import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Just enough of the grammar to colour it; what is right and wrong the server says. */
const language = StreamLanguage.define({
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/)) return 'string'
    if (stream.match(/\d{4}-\d\d-\d\d[\dT:.Z+-]*/) || stream.match(/\d+(\.\d+)?(e[+-]?\d+)?/i))
      return 'number'
    if (stream.match(/(?:and|or|not|in|like|is|null|true|false|order\s+by|asc|desc)(?![\w-])/i))
      return 'keyword'
    if (stream.match(/[^\W\d][\w-]*(?=\s*\()/u)) return 'function'
    if (stream.match(/[\p{L}_][\p{L}\p{N}_-]*/u)) return 'name'
    if (stream.match(/[<>=!+*/^%]+/)) return 'operator'
    stream.next()
    return null
  },
  tokenTable: { function: tags.function(tags.name), name: tags.name },
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--hd-dim)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--hd-tp)' },
  { tag: tags.number, color: 'var(--hd-fp)' },
  { tag: tags.function(tags.name), color: 'var(--hd-suggestion)' },
  { tag: tags.operator, color: 'var(--hd-dim)' },
])

export const queryColours: Extension = [language, syntaxHighlighting(colours)]

export const queryTheme: Extension = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--hd-text)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--hd-mono)',
    lineHeight: '20px',
    overflow: 'auto hidden',
    scrollbarWidth: 'none',
  },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--hd-text)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--hd-text)' },
  '.cm-placeholder': { color: 'var(--hd-faint)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--hd-danger)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--hd-line-strong)',
    borderRadius: 'var(--hd-radius)',
    backgroundColor: 'var(--hd-raised)',
    boxShadow: 'var(--hd-shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-lint': { display: 'none' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--hd-mono)', fontSize: '12.5px', maxHeight: '16em' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 10px', lineHeight: '20px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--hd-accent-soft)',
    color: 'var(--hd-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: 'var(--hd-faint)', fontStyle: 'normal', marginLeft: '12px' },
})
