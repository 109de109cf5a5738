import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { EvaluationDetail } from '../../api/types'
import { Bars } from '../../ui/Bars'
import { ProblemNote } from '../../ui/ProblemNote'
import { gridAddress } from './drill'
import { errorTypesQuery } from './queries'

/** False positives by why they are wrong, and missed boxes; each bar opens its boxes. */
export function ErrorTypes({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('curate/diagnosis')
  const { data, error, refetch } = useQuery(errorTypesQuery(evaluation.id))
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={180} />
  return (
    <Bars
      label={t('errors')}
      bars={data.map((one) => ({
        key: one.error,
        label: <span title={t(`errorWhat.${one.error}`)}>{t(`errorType.${one.error}`)}</span>,
        value: one.count,
        colour: one.error === 'missed' ? 'var(--hd-fn)' : 'var(--hd-fp)',
        to: gridAddress(evaluation.dataset, one.q, evaluation.id),
      }))}
    />
  )
}
