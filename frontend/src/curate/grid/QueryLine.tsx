import { ActionIcon } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryCheck } from '../../api/types'
import { useActions } from '../../ui/actions'
import type { EditorProps } from './QueryEditor'
import classes from './QueryLine.module.css'
import { checkQuery, type Filter } from './queries'

type Props = { filter: Filter; apply: (q: string) => void }

// Named, as Vite takes a handler that stands at the import itself for its own, and then tells nobody of a missing file.
const fetchEditor = () => import('./QueryEditor')

/** While one types, the line is checked after a pause of so long (milliseconds), and the editor waits for one. */
const PAUSE_MS = 250

/** The query line: a plain field at once; with the first focus it becomes an editor that completes and points at errors. */
export function QueryLine({ filter, apply }: Props) {
  const { t } = useTranslation('curate/grid')
  const { dataset, q: value } = filter
  const [text, setText] = useState(value)
  const [Editor, setFocused] = useEditor(text)
  const line = useRef<HTMLElement>(null)
  useFocusKey(line)
  useEffect(() => setText(value), [value])
  const check = useCheck(filter, text)
  const send = () => check?.ok !== false && apply(text.trim())
  const plain = (
    <input
      className={classes.plain}
      value={text}
      placeholder={t('query.placeholder')}
      aria-label={t('query.label')}
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send()
        if (event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
  return (
    <search ref={line} className={classes.line} data-error={check?.ok === false || undefined}>
      <IconSearch size={15} className={classes.icon} aria-hidden />
      {Editor ? (
        <Editor
          dataset={dataset}
          text={text}
          setText={setText}
          send={send}
          error={check?.error ?? null}
          label={t('query.label')}
          placeholder={t('query.placeholder')}
        />
      ) : (
        plain
      )}
      {text !== '' && (
        <ActionIcon
          size={22}
          aria-label={t('query.clear')}
          onClick={() => {
            setText('')
            apply('')
          }}
        >
          <IconX size={14} />
        </ActionIcon>
      )}
      {check?.error && <ErrorNote error={check.error} />}
    </search>
  )
}

/**
 * The editor, once it was asked for, has arrived, and the typing rests: a key pressed while the plain field gives way
 * would be lost. It takes the focus over, so it waits while the focus is elsewhere: who has gone on by Tab is not called
 * back. Where it cannot be loaded the plain field does.
 */
function useEditor(text: string): [ComponentType<EditorProps> | null, (focused: boolean) => void] {
  const [arrived, setArrived] = useState<ComponentType<EditorProps> | null>(null)
  const [Editor, setEditor] = useState<ComponentType<EditorProps> | null>(null)
  const [focused, setFocused] = useState(false)
  useEffect(() => {
    if (!focused) return
    fetchEditor().then(
      (file) => setArrived(() => file.QueryEditor),
      () => undefined,
    )
  }, [focused])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the text starts the rest anew
  useEffect(() => {
    if (!arrived || !focused) return
    const timer = setTimeout(() => setEditor(() => arrived), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [arrived, focused, text])
  return [Editor, setFocused]
}

/** `/` leads to the line, wherever on the page one is. */
function useFocusKey(line: RefObject<HTMLElement | null>): void {
  const { t } = useTranslation('curate/grid')
  useActions([
    {
      id: 'query',
      label: t('query.focus'),
      group: t('query.label'),
      keys: '/',
      perform: () => line.current?.querySelector<HTMLElement>('input, [contenteditable]')?.focus(),
    },
  ])
}

/** What the server says of the line, once it has rested; an empty line is always good. */
function useCheck(filter: Filter, text: string): QueryCheck | undefined {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  const check = useQuery({ ...checkQuery({ ...filter, q: rested }), enabled: rested.trim() !== '' })
  if (rested !== text || text.trim() === '') return undefined
  return check.data
}

function ErrorNote({ error }: { error: NonNullable<QueryCheck['error']> }) {
  const { t } = useTranslation('curate/grid')
  return (
    <p className={classes.error} role="alert">
      {error.message}
      {error.expected?.length > 0 && (
        <span className="hd-dim">
          {' '}
          {t('query.expected', { what: error.expected.slice(0, 6).join(', ') })}
        </span>
      )}
    </p>
  )
}
