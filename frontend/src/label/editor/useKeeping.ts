import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../accounts/queries'
import { toast } from '../../ui/toast'
import type { EditorState } from '../canvas/editor'
import { flushDrafts } from '../drafts'
import { keptNow, writeKept } from '../keeping'
import { rememberPreferences, writePreferences } from '../preferences'
import { rememberLook, type Session } from './session'

/** Milliseconds after the last change until it is written down. */
const PAUSE = 400

/** Keeps what a reload must not lose, and how this person looks at images, from shortly after each change on. */
export function useKeeping(session: Session, task: number): void {
  const { id: person } = useMe()
  useLostNote(session)
  useEffect(() => {
    const { editor, autosave, telling } = session
    let timer: ReturnType<typeof setTimeout> | undefined
    let written: EditorState = editor.state
    let told = telling.kept
    const write = () => {
      clearTimeout(timer)
      timer = undefined
      flushDrafts()
      if (isSame(written, editor.state) && told === telling.kept) return
      written = editor.state
      told = telling.kept
      writePreferences(person)
      writeKept(person, task, keptNow(editor, autosave.version, telling.kept))
    }
    const soon = () => {
      if (isSame(written, editor.state)) return
      const { look, recent } = editor.state
      rememberPreferences(person, { look, recent, view: editor.keptView() })
      rememberLook(editor)
      clearTimeout(timer)
      timer = setTimeout(write, PAUSE)
    }
    const stop = editor.subscribe(soon)
    window.addEventListener('pagehide', write)
    document.addEventListener('visibilitychange', write)
    return () => {
      stop()
      window.removeEventListener('pagehide', write)
      document.removeEventListener('visibilitychange', write)
      write()
    }
  }, [session, person, task])
}

const KEPT = ['document', 'selection', 'viewport', 'look', 'locks', 'hidden', 'recent', 'assist'] as const

const isSame = (a: EditorState, b: EditorState): boolean => KEPT.every((part) => a[part] === b[part])

/** Says once that somebody else saved since, so that earlier steps cannot be undone any more. */
function useLostNote({ lost }: Session): void {
  const { t } = useTranslation('label')
  useEffect(() => {
    if (lost > 0) toast(t('lostSteps', { count: lost }))
  }, [lost, t])
}
