import type { DatasetClass } from '../api/types'
import classes from './ClassName.module.css'

/** A class with its colour. */
export function ClassName({ of }: { of: Pick<DatasetClass, 'name' | 'colour'> | undefined }) {
  return (
    <span className={classes.name}>
      <span className={classes.dot} style={{ background: of?.colour ?? 'var(--hd-faint)' }} aria-hidden />
      {of?.name ?? '–'}
    </span>
  )
}
