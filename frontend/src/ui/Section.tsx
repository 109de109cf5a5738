import type { ReactNode } from 'react'
import classes from './Section.module.css'

/** A part of a page with its heading, a word of explanation and its own actions. */
export function Section({
  title,
  note,
  actions,
  children,
}: {
  title: ReactNode
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={classes.section}>
      <header>
        <h2>{title}</h2>
        {note && <span className={classes.note}>{note}</span>}
        {actions && <span className={classes.actions}>{actions}</span>}
      </header>
      {children}
    </section>
  )
}
