import { useTranslation } from 'react-i18next'
import type { Counts } from '../../api/types'
import { count } from '../../ui/format'
import classes from './CountsMark.module.css'

const SIGNS = { added: '+', changed: '~', removed: '−' } as const

/** What a revision changed: +12 ~3 −1. */
export function CountsMark({ counts }: { counts: Counts }) {
  const { t } = useTranslation('dataset/revisions')
  return (
    <span className={classes.counts}>
      {(Object.keys(SIGNS) as (keyof Counts)[]).map((key) => (
        <span
          key={key}
          data-zero={counts[key] === 0 || undefined}
          title={t(`counts.${key}`, { n: count(counts[key]) })}
        >
          {SIGNS[key]}
          {count(counts[key])}
        </span>
      ))}
    </span>
  )
}
