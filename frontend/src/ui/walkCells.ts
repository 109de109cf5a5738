import type { KeyboardEvent } from 'react'

const STEPS: Record<string, [number, number]> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
}

/** Arrow keys move the focus between the cells of a table that hold a link or a button; one of them is in the tab order. */
export function walkCells(event: KeyboardEvent, table: HTMLTableElement | null): void {
  const step = STEPS[event.key]
  const here = (event.target as HTMLElement).closest('td')
  const row = here?.parentElement as HTMLTableRowElement | null
  if (!step || !here || !row || !table) return
  const cell = table.rows[row.rowIndex + step[0]]?.cells[here.cellIndex + step[1]]
  const next = cell?.querySelector<HTMLElement>('a, button')
  if (!next) return
  event.preventDefault()
  for (const mark of table.querySelectorAll<HTMLElement>('a, button')) mark.tabIndex = mark === next ? 0 : -1
  next.focus()
}
