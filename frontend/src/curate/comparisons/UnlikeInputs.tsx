import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { toastProblem } from '../../ui/toast'
import { evaluationsQuery, useStartEvaluation } from '../evaluations/queries'
import classes from './ManyPage.module.css'
import type { Unlike } from './of'
import { sideName } from './sides'

type Props = { evaluations: Evaluation[]; of: Unlike; setIds: (ids: readonly number[]) => void }

/** In what the evaluations were not judged alike, what that means for the table, and what to do about it. */
export function UnlikeInputs({ evaluations, of, setIds }: Props) {
  const { t } = useTranslation('curate/comparisons')
  const [judge, pending] = useJudgeOn(evaluations, of, setIds)
  const may = useMay(evaluations[0]?.dataset, 'reviewer')
  const names = (rows: Evaluation[]) => rows.map(sideName).join(', ')
  const { onOtherLabels, atOtherRevision, onOtherImages, atOtherIou, onTrainingImages } = of
  const judgedAnew = evaluations.filter((one) => one.revision !== of.revision).length
  const perhaps = atOtherRevision.length > 0 && (
    <p className="hd-dim">{t('compare.unlike.revision', { names: names(atOtherRevision) })}</p>
  )
  if (![onOtherLabels, onOtherImages, atOtherIou, onTrainingImages].some((rows) => rows.length))
    return perhaps
  return (
    <Alert
      color="yellow"
      variant="outline"
      icon={<IconAlertTriangle size={18} />}
      title={t('compare.unlike.title')}
    >
      <ul className={classes.unlike}>
        {onOtherLabels.length > 0 && (
          <li>
            {t('compare.unlike.labels', { names: names(onOtherLabels) })}{' '}
            {may && judgedAnew > 0 && (
              <Button size="compact-xs" loading={pending} onClick={judge}>
                {t('compare.unlike.judge', { count: judgedAnew, n: of.revision })}
              </Button>
            )}
          </li>
        )}
        {perhaps && <li>{perhaps}</li>}
        {onOtherImages.length > 0 && <li>{t('compare.unlike.images', { names: names(onOtherImages) })}</li>}
        {atOtherIou.length > 0 && <li>{t('compare.unlike.iou', { names: names(atOtherIou) })}</li>}
        {onTrainingImages.length > 0 && (
          <li>{t('compare.unlike.training', { names: names(onTrainingImages) })}</li>
        )}
      </ul>
    </Alert>
  )
}

/** Puts evaluations on the newest labels in the place of those on others: such as there are, or new ones. */
function useJudgeOn(evaluations: Evaluation[], of: Unlike, setIds: Props['setIds']): [() => void, boolean] {
  const dataset = evaluations[0]?.dataset ?? 0
  const known = useQuery(evaluationsQuery(dataset)).data?.items ?? []
  const start = useStartEvaluation(dataset)
  const instead = async (one: Evaluation): Promise<number> => {
    if (one.revision === of.revision) return one.id
    const there = known.find((other) => isThe(other, one, of.revision))
    if (there) return there.id
    const [slice, ...more] = one.slices
    const job = await start.mutateAsync({
      prediction_set: one.prediction_set.id,
      revision: of.revision,
      iou: one.iou,
      ...(slice && more.length === 0 ? { slice: slice.id } : {}),
    })
    return Number(job.link?.split('/').at(-1)) || one.id
  }
  const judge = () => {
    Promise.all(evaluations.map(instead)).then((ids) => setIds([...new Set(ids)]), toastProblem)
  }
  return [judge, start.isPending]
}

const isThe = (other: Evaluation, one: Evaluation, revision: number) =>
  other.prediction_set.id === one.prediction_set.id &&
  other.revision === revision &&
  other.iou === one.iou &&
  other.counts?.images === one.counts?.images
