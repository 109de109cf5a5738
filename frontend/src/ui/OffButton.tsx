import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ComponentPropsWithoutRef, MouseEvent } from 'react'

/** Why it cannot be pressed now; nothing where it can. */
type Off = { off: string | false | null | undefined }
type Native = Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps | keyof ActionIconProps | 'color'>

/** A button that says why where it is off: it stays in reach of Tab and of the pointer, and does nothing. */
export function OffButton({ off, ...props }: Off & ButtonProps & Native) {
  return (
    <Tooltip label={off} disabled={!off} events={ALL} multiline maw={320}>
      <Button {...props} {...offProps(off, props.onClick)} />
    </Tooltip>
  )
}

/** The same of a button that is an icon. */
export function OffIcon({ off, ...props }: Off & ActionIconProps & Native) {
  return (
    <Tooltip label={off} disabled={!off} events={ALL} multiline maw={320}>
      <ActionIcon {...props} {...offProps(off, props.onClick)} />
    </Tooltip>
  )
}

const ALL = { hover: true, focus: true, touch: true }

type Click = ((event: MouseEvent<HTMLButtonElement>) => void) | undefined

function offProps(off: Off['off'], onClick: Click) {
  if (!off) return { onClick }
  const nothing = (event: MouseEvent<HTMLButtonElement>) => event.preventDefault() // nor is a form sent
  return { 'data-disabled': true, 'aria-disabled': true, 'aria-description': off, onClick: nothing } as const
}
