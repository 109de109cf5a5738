import { IconX } from '@tabler/icons-react'
import classes from './TagMarks.module.css'

type Props = {
  tags: readonly { readonly id: number; readonly name: string }[]
  /** Where they can be taken off: what the button says, and what it does. */
  off?: { label: (name: string) => string; take: (name: string) => void }
}

/** The tags of an image. */
export function TagMarks({ tags, off }: Props) {
  return (
    <ul className={classes.tags}>
      {tags.map(({ id, name }) => (
        <li key={id}>
          {name}
          {off && (
            <button type="button" aria-label={off.label(name)} onClick={() => off.take(name)}>
              <IconX size={11} />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
