import { type ReactNode, useRef } from 'react'
import { walkCells } from './walkCells'

type Props = { label: string; className?: string; children: ReactNode }

/** A table of links or buttons, one of them in the tab order; arrow keys walk from cell to cell. */
export function WalkedTable({ label, className, children }: Props) {
  const table = useRef<HTMLTableElement>(null)
  return (
    <table className={className} ref={table} onKeyDown={(event) => walkCells(event, table.current)}>
      <caption className="hd-hidden">{label}</caption>
      {children}
    </table>
  )
}
