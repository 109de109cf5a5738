import { type Part, useSaid } from '../../jobs/useJobMessage'
import classes from './Picks.module.css'

/** Why there are fewer images than were asked for. */
export function Shortfall({ short }: { short: Part | null | undefined }) {
  const said = useSaid()
  return short ? <p className={classes.short}>{said(short)}</p> : null
}
