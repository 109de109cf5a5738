import classes from './KeyCaps.module.css'
import { caps } from './keys'

/** A shortcut drawn as key caps. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {caps(keys).map((stroke, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: strokes have no identity but their place
        <span key={index} className={classes.stroke}>
          {stroke.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
        </span>
      ))}
    </span>
  )
}
