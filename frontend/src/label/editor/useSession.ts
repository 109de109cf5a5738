import { useEffect, useState } from 'react'
import { useMe } from '../../accounts/queries'
import type { Task } from '../../api/types'
import { openSession, rememberLook, type Session, sessionShown } from './session'

/** Opens a task for as long as it is shown: every change is saved, every sign of life counted. */
export function useSession(task: Task): Session {
  const { id: person } = useMe()
  const [session] = useState(() => openSession(task, person))
  useEffect(() => {
    sessionShown()
    const { editor, autosave, sitting, telling } = session
    let before = editor.state
    const stop = editor.subscribe(() => {
      const [was, now] = [before, Date.now()]
      before = editor.state
      sitting.follow(was.document, before.document, now)
      telling.follow(was, before, now)
      autosave.change(editor.content)
    })
    return () => {
      stop()
      rememberLook(editor)
    }
  }, [session])
  useActivity(session)
  useUnloadGuard(session)
  return session
}

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const

function useActivity({ activity }: Session): void {
  useEffect(() => {
    const touch = () => activity.touch(Date.now())
    const seen = () => (document.hidden ? activity.pause(Date.now()) : touch())
    touch()
    for (const sign of SIGNS) window.addEventListener(sign, touch, { passive: true })
    document.addEventListener('visibilitychange', seen)
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, touch)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [activity])
}

/** Hiding the page saves at once; leaving it with unsaved work asks first. Coming back online tries again at once. */
function useUnloadGuard({ autosave }: Session): void {
  useEffect(() => {
    const hidden = () => document.hidden && void autosave.save().then(() => autosave.saveSeconds())
    const online = () => void autosave.save()
    const leaving = (event: BeforeUnloadEvent) => autosave.dirty && event.preventDefault()
    document.addEventListener('visibilitychange', hidden)
    window.addEventListener('online', online)
    window.addEventListener('beforeunload', leaving)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('online', online)
      window.removeEventListener('beforeunload', leaving)
      if (!autosave.dirty) void autosave.saveSeconds()
    }
  }, [autosave])
}
