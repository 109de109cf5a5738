import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ErrorBudget as Budget } from '../../api/types'
import { type Bar, Bars } from '../../ui/Bars'
import { count, points, signedPoints } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import type { Asked } from './controls'
import { ERROR_WIDTH } from './ErrorTypes'
import { budgetQuery } from './queries'
import { useEvaluationControls } from './useControls'

const COLOUR: Record<string, string> = { missed: 'var(--hd-fn)', false_negative: 'var(--hd-fn)' }

/** What AP would gain if one kind of error were repaired, of all classes or of one; each bar opens its boxes. */
export function ErrorBudget() {
  const { evaluation, controls } = useEvaluationControls()
  const { data, error, refetch } = useQuery(budgetQuery(evaluation.id, controls))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={230} />
  return <Costs budget={data} />
}

function Costs({ budget }: { budget: Budget }) {
  const { t } = useTranslation('curate/evaluations')
  const { controls } = useEvaluationControls()
  const bars = useBars(budget)
  const hidden = budget.errors.slice(0, 6).reduce((sum, one) => sum + one.count - one.shown, 0)
  return (
    <>
      <Bars label={t('budget.label')} labelWidth={ERROR_WIDTH} bars={bars} />
      {hidden > 0 && controls.of === null && (
        <p className="hd-faint">{t('budget.hidden', { n: count(hidden) })}</p>
      )}
    </>
  )
}

function useBars(budget: Budget): Bar[] {
  const { t } = useTranslation('curate/evaluations')
  const { controls, boxes } = useEvaluationControls()
  const chosen = budget.classes.find(({ class_id }) => class_id === controls.of)
  return budget.errors.map(({ error, delta_ap, shown }) => {
    const cost = (chosen ? (chosen.delta_ap[error] ?? 0) : delta_ap) ?? 0
    const behind = chosen ? (chosen.shown[error] ?? 0) : shown
    return {
      key: error,
      label: <span title={t(`errorWhat.${error}`)}>{t(`errorType.${error}`)}</span>,
      value: Math.max(0, cost),
      text: <span title={points(cost)}>{signedPoints(cost)}</span>,
      note: count(behind),
      colour: COLOUR[error] ?? 'var(--hd-fp)',
      to: boxes({ ...askedOf(error), classes: chosen?.class_id }, { rows: 'budget' }),
    }
  })
}

/** What the object grid is asked for: the two totals are of all false positives and of all missed boxes. */
function askedOf(error: string): Asked {
  if (error === 'false_positive') return { verdicts: 'fp' }
  if (error === 'false_negative') return { verdicts: 'fn' }
  return { verdicts: error === 'missed' ? 'fn' : 'fp', errors: error }
}
