import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Comparison, Evaluation } from '../../api/types'
import { Confirm } from '../../ui/Confirm'
import { count } from '../../ui/format'
import { comparisonsQuery } from '../evaluations/queries'
import { useDeleteEvaluations } from './queries'

type Props = { project: number; evaluations: Evaluation[]; close: () => void; done: () => void }

/** Says what goes with them, and that the predictions stay. */
export function DeleteEvaluations({ project, evaluations, close, done }: Props) {
  const { t } = useTranslation('curate/history')
  const remove = useDeleteEvaluations(project)
  const ids = evaluations.map(({ id }) => id)
  const compared = useQuery(comparisonsQuery(evaluations[0]?.dataset ?? 0)).data?.items
  const rests = ({ a, b, pair }: Comparison) => [a.id, b.id, pair?.a].some((id) => id && ids.includes(id))
  const comparisons = compared?.filter(rests).length ?? 0
  const verdicts = evaluations.reduce(
    (sum, { counts }) => sum + (counts ? counts.tp + counts.fp + counts.fn : 0),
    0,
  )
  return (
    <Confirm
      opened
      close={close}
      danger
      title={t('deleteTitle', { count: ids.length })}
      verb={t('deleteVerb', { count: ids.length })}
      pending={remove.isPending}
      error={remove.error}
      confirm={() =>
        remove.mutate(ids, {
          onSuccess: () => {
            close()
            done()
          },
        })
      }
    >
      {t('deleteWhat', { verdicts: count(verdicts), comparisons: count(comparisons) })}
    </Confirm>
  )
}
