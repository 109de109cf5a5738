import { useEffect } from 'react'
import { holdTask } from './queries'

/** A reviewer keeps a task for half an hour after the last sign of life; it is told again as often as this. */
const AGAIN_MS = 5 * 60_000

/** Says while the task is open, and somebody is there, that it is being reviewed. */
export function useHold(task: number, reviewing: boolean): void {
  useEffect(() => {
    if (!reviewing) return
    let active = false
    const tell = () => void holdTask(task).catch(() => undefined) // the task can be reviewed all the same
    const touch = () => {
      active = true
    }
    tell()
    const timer = setInterval(() => {
      if (active && !document.hidden) tell()
      active = false
    }, AGAIN_MS)
    for (const sign of ['pointerdown', 'keydown', 'wheel'])
      window.addEventListener(sign, touch, { passive: true })
    return () => {
      clearInterval(timer)
      for (const sign of ['pointerdown', 'keydown', 'wheel']) window.removeEventListener(sign, touch)
    }
  }, [task, reviewing])
}
