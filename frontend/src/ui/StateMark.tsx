import {
  IconCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconCircleX,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { State } from '../api/types'
import { percent } from './format'
import classes from './StateMark.module.css'

const ICONS = {
  queued: IconCircleDashed,
  running: IconCircle,
  succeeded: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconCircleOff,
}

/** State of a job or run: a sign, a word, and how far it is while it runs. */
export function StateMark({ state, progress }: { state: State; progress?: number }) {
  const { t } = useTranslation('ui')
  const Icon = ICONS[state]
  return (
    <span className={classes.mark} data-state={state}>
      {state === 'running' && progress !== undefined ? (
        <Pie share={progress} />
      ) : (
        <Icon size={15} stroke={1.8} aria-hidden />
      )}
      {t(`state.${state}`)}
      {state === 'running' && progress !== undefined && <span className="hd-num">{percent(progress)}</span>}
    </span>
  )
}

const AROUND = 2 * Math.PI * 2.75

function Pie({ share }: { share: number }) {
  return (
    <svg width={15} height={15} viewBox="0 0 15 15" aria-hidden="true">
      <circle cx={7.5} cy={7.5} r={6} fill="none" stroke="currentColor" strokeWidth={1.5} />
      <circle
        cx={7.5}
        cy={7.5}
        r={2.75}
        fill="none"
        stroke="currentColor"
        strokeWidth={5.5}
        strokeDasharray={`${AROUND * share} ${AROUND}`}
        transform="rotate(-90 7.5 7.5)"
      />
    </svg>
  )
}
