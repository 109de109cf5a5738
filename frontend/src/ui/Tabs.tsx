import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './Tabs.module.css'

export type Tab = {
  key: string
  label: string
  to: string
  search?: Record<string, unknown>
  note?: ReactNode
}

/** Tabs of the second line; each is an address. */
export function Tabs({ label, tabs, current }: { label: string; tabs: Tab[]; current: string }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.key}
          to={tab.to}
          search={tab.search as never}
          className={classes.tab}
          activeOptions={{ exact: true }}
          data-current={tab.key === current || undefined}
          aria-current={tab.key === current ? 'page' : undefined}
        >
          {tab.label}
          {tab.note !== undefined && <span className={classes.note}>{tab.note}</span>}
        </Link>
      ))}
    </nav>
  )
}
