import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Bars } from '../../ui/Bars'
import { ProblemNote } from '../../ui/ProblemNote'
import { atQuery } from './queries'
import { useEvaluationControls } from './useControls'

/** So that the longest name of an error has room. */
export const ERROR_WIDTH = 192

/** False positives by why they are wrong, and labelled boxes that nothing explains; each bar opens its boxes. */
export function ErrorTypes() {
  const { t } = useTranslation('curate/evaluations')
  const { evaluation, controls, boxes } = useEvaluationControls()
  const { data, error, refetch } = useQuery(atQuery(evaluation.id, controls))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={180} />
  const chosen = data.per_class.find(({ class_id }) => class_id === controls.of)
  return (
    <Bars
      label={t('errors')}
      labelWidth={ERROR_WIDTH}
      bars={(chosen ?? data).errors.map((one) => {
        const verdict = one.error === 'missed' ? 'fn' : 'fp'
        return {
          key: one.error,
          label: <span title={t(`errorWhat.${one.error}`)}>{t(`errorType.${one.error}`)}</span>,
          value: one[verdict],
          colour: `var(--hd-${verdict})`,
          to: boxes({ verdicts: verdict, errors: one.error, classes: chosen?.class_id }),
        }
      })}
    />
  )
}
