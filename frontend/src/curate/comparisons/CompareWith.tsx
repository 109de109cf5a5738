import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { OffButton } from '../../ui/OffButton'
import { evaluationsQuery } from '../evaluations/queries'
import { EvaluationChoices } from './EvaluationChoices'
import { useCompare } from './useCompare'

/** Compare this evaluation with an earlier one: a menu of those that can be. */
export function CompareWith({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation('curate/comparisons')
  const others = useQuery(evaluationsQuery(evaluation.dataset)).data?.items.filter(
    (one) => one.id !== evaluation.id && one.figures,
  )
  const { compare, pending } = useCompare(evaluation.dataset)
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <OffButton variant="filled" loading={pending} off={!others?.length && t('ui:off.noOther')}>
          {t('compareWith')}
        </OffButton>
      </Menu.Target>
      <EvaluationChoices
        evaluations={others}
        name={(one) => one.name}
        choose={(one) => compare(one, evaluation)}
      />
    </Menu>
  )
}
