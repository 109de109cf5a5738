import { type ReactNode, useState } from 'react'
import classes from './Cell.module.css'
import type { CellProps } from './cellProps'

type Props = CellProps & { label: string; children: (hovered: boolean) => ReactNode }

/** A cell's place in the grid: how large it is, which of how many, selected or not. */
export function CellFrame({ label, index, total, width, height, selected, focused, children }: Props) {
  const [hovered, setHovered] = useState(false)
  return (
    <div
      id={`cell-${index}`}
      className={classes.cell}
      style={{ width, height }}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-index={index}
      data-focused={focused || undefined}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      <span className="hd-hidden">{label}</span>
      {children(hovered)}
    </div>
  )
}
