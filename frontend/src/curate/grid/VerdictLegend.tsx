import { useTranslation } from 'react-i18next'
import { LETTER } from '../../ui/colours'
import classes from './GridBar.module.css'

const LINES = { tp: '', fp: '4 2.5', fn: '' } as const

/** What the colours, letters and lines of verdicts mean. */
export function VerdictLegend() {
  const { t } = useTranslation('curate/grid')
  return (
    <span className={classes.legend}>
      {(['tp', 'fp', 'fn'] as const).map((verdict) => (
        <span key={verdict}>
          <svg width={15} height={11} aria-hidden="true">
            <rect
              x={1}
              y={1}
              width={13}
              height={9}
              fill="none"
              stroke={`var(--hd-${verdict})`}
              strokeWidth={1.6}
              strokeDasharray={LINES[verdict]}
            />
          </svg>
          {LETTER[verdict]} {t(`verdict.${verdict}`)}
        </span>
      ))}
    </span>
  )
}
