import { createContext, type MouseEvent, type ReactNode, useContext, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TaskRow } from '../../api/types'
import classes from './selection.module.css'

type TaskSelection = {
  /** Whether a click on a picture chooses it. */
  on: boolean
  ids: ReadonlySet<number>
  turn: (on: boolean) => void
  /** Chooses or lets go; with Shift all from the one before. */
  click: (id: number, shift: boolean, shown: readonly TaskRow[]) => void
}

const Selection = createContext<TaskSelection | null>(null)

/** Which tasks of the page are chosen; none of another page. */
export function TaskSelectionProvider({ children }: { children: ReactNode }) {
  const [on, setOn] = useState(false)
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set())
  const before = useRef<number | null>(null)
  const value = useMemo<TaskSelection>(
    () => ({
      on,
      ids,
      turn: (wanted) => {
        setOn(wanted)
        if (!wanted) setIds(new Set())
      },
      click: (id, shift, shown) => {
        const row = shown.map((task) => task.id)
        const [from, to] = [row.indexOf(before.current ?? -1), row.indexOf(id)].sort((a, b) => a - b)
        const some = shift && from !== undefined && from >= 0 ? row.slice(from, (to ?? 0) + 1) : [id]
        before.current = id
        setIds((was) => {
          const now = new Set(was)
          const adds = !was.has(id)
          for (const one of some) adds ? now.add(one) : now.delete(one)
          return now
        })
      },
    }),
    [on, ids],
  )
  return <Selection value={value}>{children}</Selection>
}

export function useTaskSelection(): TaskSelection | null {
  return useContext(Selection)
}

/** Lies over a picture while tasks are chosen. */
export function SelectMark({ task, shown }: { task: TaskRow; shown: readonly TaskRow[] }) {
  const { t } = useTranslation('label/assign')
  const selection = useContext(Selection)
  if (!selection?.on) return null
  const chosen = selection.ids.has(task.id)
  const click = (event: MouseEvent) => selection.click(task.id, event.shiftKey, shown)
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-label={t('selectOne', { number: task.position + 1, name: task.image.key })}
      className={classes.mark}
      onClick={click}
    >
      <span aria-hidden>{chosen ? '✓' : ''}</span>
    </button>
  )
}
