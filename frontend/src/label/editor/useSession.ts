import { useEffect, useState } from 'react'
import { useMe } from '../../accounts/queries'
import type { Task } from '../../api/types'
import { openSession, rememberLook, type Session } from './session'

/** Opens a task for as long as it is shown: every change is saved, every sign of life counted. */
export function useSession(task: Task): Session {
  const { id: person } = useMe()
  const [session] = useState(() => openSession(task, person))
  useEffect(() => {
    const { editor, autosave } = session
    const stop = editor.subscribe(() => autosave.change(editor.content))
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

/** A glance of so many seconds is not yet work. */
const WORTH_TELLING = 3

/** Hiding the page saves at once; leaving it with unsaved work asks first. Coming back online tries again at once. */
function useUnloadGuard({ autosave, activity }: Session): void {
  useEffect(() => {
    const hidden = () => document.hidden && void autosave.save()
    const online = () => void autosave.save()
    const leaving = (event: BeforeUnloadEvent) => autosave.dirty && event.preventDefault()
    document.addEventListener('visibilitychange', hidden)
    window.addEventListener('online', online)
    window.addEventListener('beforeunload', leaving)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('online', online)
      window.removeEventListener('beforeunload', leaving)
      if (!autosave.dirty && activity.hasMoreThan(WORTH_TELLING, Date.now())) {
        void autosave.saveSeconds()
      }
    }
  }, [autosave, activity])
}
