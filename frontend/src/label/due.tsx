import { IconCalendarDue } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { day } from '../ui/format'
import classes from './due.module.css'

/** Days are of the place where one is: over when that day is over here. */

export type DueState = 'overdue' | 'today' | 'tomorrow' | 'later'

/** The day of a moment here, as 2026-12-04. */
export function dayHere(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

export function dueState(due: string, now = new Date()): DueState {
  const today = dayHere(now)
  if (due < today) return 'overdue'
  if (due === today) return 'today'
  const following = new Date(now)
  following.setDate(now.getDate() + 1)
  return due === dayHere(following) ? 'tomorrow' : 'later'
}

/** A due date in words; one that is over is marked, by a word and not by colour alone. `over`: nothing is left to do. */
export function DueMark({ due, over = false }: { due: string | null | undefined; over?: boolean }) {
  const { t } = useTranslation('label')
  if (!due) return null
  const state = over ? 'later' : dueState(due)
  return (
    <span className={classes.due} data-state={state}>
      <IconCalendarDue size={14} stroke={1.7} aria-hidden />
      {t(`due.${state}`, { day: day(`${due}T00:00`) })}
    </span>
  )
}
