import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../page/Page'
import { EmptyState } from '../../ui/EmptyState'
import { number } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { nearestIou } from './controls'
import { evaluationQuery, pointQuery } from './queries'

const route = getRouteApi('/framed/evaluations/$evaluationId/boxes')

/** On the way from a mark to its boxes: the server judges them at the mark's point, then the object grid opens. */
export function BoxesPage() {
  const { t } = useTranslation('curate/evaluations')
  const id = Number(route.useParams().evaluationId)
  const { conf, iou, rows, ...asked } = useSearch({ strict: false }) as Record<string, string | number>
  const spot = {
    conf: conf === undefined ? undefined : Number(conf),
    iou: nearestIou(Number(iou ?? 0.5)),
    rows: rows === 'budget' ? ('budget' as const) : undefined,
  }
  const evaluation = useQuery(evaluationQuery(id))
  const point = useQuery(pointQuery(id, spot))
  const navigate = useNavigate()
  const dataset = evaluation.data?.dataset
  const found = point.data?.evaluation
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when both are known
  useEffect(() => {
    if (dataset === undefined || found === undefined) return
    const search = { view: 'objects', evaluation: found, ...asked }
    void navigate({ to: `/datasets/${dataset}`, search: search as never, replace: true })
  }, [dataset, found])
  const error = evaluation.error ?? point.error
  return (
    <Page title={evaluation.data?.name ?? '…'} dataset={dataset} padded>
      {error ? (
        <ProblemNote error={error} retry={() => void Promise.all([evaluation.refetch(), point.refetch()])} />
      ) : (
        <EmptyState icon={<Loader size={26} />} title={t('opening.judging')}>
          {spot.rows
            ? t('opening.budget', { iou: number(spot.iou, 2) })
            : t('opening.at', { conf: number(spot.conf ?? 0.05, 3), iou: number(spot.iou, 2) })}
        </EmptyState>
      )}
    </Page>
  )
}
