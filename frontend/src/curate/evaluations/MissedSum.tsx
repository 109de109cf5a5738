import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AtPoint } from '../../api/types'
import { count } from '../../ui/format'
import { atQuery } from './queries'
import { useEvaluationControls } from './useControls'

/** How the labelled boxes that the confusion matrix counts add up to those that the table of classes calls missed. */
export function MissedInMatrix() {
  const { t } = useTranslation('curate/evaluations')
  const data = useAt()
  if (!data || data.counts.fn === 0) return null
  const alone = data.confusion.matrix.slice(0, -1).reduce((sum, row) => sum + row.at(-1)!, 0)
  const missed = data.counts.fn
  return (
    <p className="hd-dim">
      {t('adds.matrix', {
        count: missed,
        n: count(missed),
        alone: count(alone),
        paired: count(missed - alone),
      })}
    </p>
  )
}

/** The same of the error types, of all classes or of the one that is chosen. */
export function MissedByType() {
  const { t } = useTranslation('curate/evaluations')
  const { controls } = useEvaluationControls()
  const data = useAt()
  const chosen = data?.per_class.find(({ class_id }) => class_id === controls.of)
  const types = (chosen ?? data)?.errors.filter(({ fn }) => fn > 0) ?? []
  const missed = types.reduce((sum, { fn }) => sum + fn, 0)
  if (missed === 0) return null
  const parts = types.map(({ error, fn }) => `${count(fn)} ${t(`errorType.${error}`).toLowerCase()}`)
  return (
    <p className="hd-dim">{t('adds.types', { count: missed, n: count(missed), parts: parts.join(', ') })}</p>
  )
}

function useAt(): AtPoint | undefined {
  const { evaluation, controls } = useEvaluationControls()
  return useQuery(atQuery(evaluation.id, controls)).data
}
