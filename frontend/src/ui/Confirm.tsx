import type { ReactNode } from 'react'
import { FormDialog } from './FormDialog'

type Props = {
  opened: boolean
  close: () => void
  title: string
  /** What will happen, and whether it can be taken back. */
  children: ReactNode
  /** The verb on the button: "Revert to 3", never "OK". */
  verb: string
  danger?: boolean
  pending?: boolean
  error?: unknown
  confirm: () => void
}

/** Asks before something that is not easily taken back. */
export function Confirm({ children, pending = false, error, confirm, ...dialog }: Props) {
  return (
    <FormDialog {...dialog} pending={pending} problem={error} send={confirm} focusVerb>
      <div className="hd-dim">{children}</div>
    </FormDialog>
  )
}
