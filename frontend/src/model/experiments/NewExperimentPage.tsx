import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useDataset, useSlices } from '../../dataset/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { ProblemNote } from '../../ui/ProblemNote'
import { baselinesQuery, checkpointsQuery, runQuery } from '../queries'
import { firstDraft, freeName } from './draft'
import { ExperimentForm } from './ExperimentForm'
import { experimentsQuery } from './queries'

const route = getRouteApi('/framed/model/$datasetId/experiments/new')

/** An experiment from a parent ("does more data help?"), or from nothing. */
export function NewExperimentPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const { parent: parentId, slice } = route.useSearch()
  const dataset = useDataset(id)
  const slices = useSlices(id)
  const baselines = useQuery(baselinesQuery(dataset.data?.project))
  const checkpoints = useQuery(checkpointsQuery(id))
  const others = useQuery(experimentsQuery(id))
  const parent = useQuery({ ...runQuery(parentId ?? 0), enabled: !!parentId })
  const error =
    dataset.error ?? slices.error ?? baselines.error ?? checkpoints.error ?? others.error ?? parent.error
  const ready = slices.data && baselines.data && checkpoints.data && others.data && (!parentId || parent.data)
  const taken = others.data?.items.map(({ name }) => name) ?? []
  const wanted = parent.data
    ? t('experiment.nameFrom', { name: parent.data.name }).slice(0, 80)
    : t('experiment.nameOf', { name: dataset.data?.name ?? '' }).slice(0, 80)
  return (
    <Page
      title={t('experiment.new')}
      dataset={id}
      crumbs={<Crumb label={t('tabs.experiments')} to={`/model/${id}/experiments`} />}
    >
      {error && <ProblemNote error={error} />}
      {!ready && !error && <RoutePending />}
      {ready && (
        <ExperimentForm
          key={parentId}
          dataset={id}
          first={firstDraft(parent.data, freeName(wanted.trim(), taken), slice)}
          baselines={baselines.data}
          checkpoints={checkpoints.data}
          slices={slices.data}
          parent={parent.data}
        />
      )}
    </Page>
  )
}
