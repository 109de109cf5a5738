import { Button } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { problemText } from '../../ui/ProblemNote'
import classes from './DecidePage.module.css'
import type { DecisionQueue } from './queue'

/** How far saving is: in a word while it works, and with the reason where it does not. */
export function QueueNote({ queue }: { queue: DecisionQueue }) {
  const { t } = useTranslation('label/decide')
  const { t: ui } = useTranslation('ui')
  const { phase, waiting, problem, steps } = useSyncExternalStore(queue.subscribe, () => queue.state)
  const urgent = phase === 'offline' || phase === 'refused'
  const words = () => {
    if (phase === 'saved') return steps > 0 ? t('saved') : ''
    if (phase === 'refused' && problem) {
      const { title, detail } = problemText(problem, ui)
      return t('refused', { why: detail || title, n: count(waiting) })
    }
    return t(phase, { n: count(waiting) })
  }
  return (
    <span className={classes.note} role={urgent ? 'alert' : 'status'} data-urgent={urgent || undefined}>
      {words()}
      {urgent && (
        <Button size="compact-xs" onClick={() => void queue.flush()}>
          {ui('tryAgain')}
        </Button>
      )}
    </span>
  )
}
