import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useDataset, useSlices } from '../../dataset/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { ProblemNote } from '../../ui/ProblemNote'
import { emptyDraft } from '../draft'
import { freeName } from '../experiments/draft'
import { baselinesQuery, checkpointsQuery } from '../queries'
import { proposedRange } from './draft'
import { searchableQuery, searchesQuery } from './queries'
import { SearchForm } from './SearchForm'

const route = getRouteApi('/framed/model/$datasetId/searches/new')
/** What most trainings hang on. */
const FIRST = ['lr0']

/** A search for better settings. */
export function NewSearchPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().datasetId)
  const { slice } = route.useSearch()
  const dataset = useDataset(id)
  const slices = useSlices(id)
  const baselines = useQuery(baselinesQuery(dataset.data?.project))
  const checkpoints = useQuery(checkpointsQuery(id))
  const known = useQuery(searchableQuery)
  const others = useQuery(searchesQuery(id))
  const error =
    dataset.error ?? slices.error ?? baselines.error ?? checkpoints.error ?? known.error ?? others.error
  const ready = slices.data && baselines.data && checkpoints.data && known.data && others.data
  const taken = others.data?.items.map(({ name }) => name) ?? []
  return (
    <Page
      title={t('search.new')}
      dataset={id}
      crumbs={<Crumb label={t('tabs.searches')} to={`/model/${id}/searches`} />}
    >
      {error && <ProblemNote error={error} />}
      {!ready && !error && <RoutePending />}
      {ready && (
        <SearchForm
          dataset={id}
          first={{
            ...emptyDraft(slice, freeName(t('search.proposed'), taken)),
            ranges: known.data.filter(({ name }) => FIRST.includes(name)).map(proposedRange),
            trials: 20,
            repeats: 5,
            minutes: null,
            prune: true,
          }}
          baselines={baselines.data}
          checkpoints={checkpoints.data}
          slices={slices.data}
          known={known.data}
        />
      )}
    </Page>
  )
}
