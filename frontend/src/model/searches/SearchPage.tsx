import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SettingsSearch } from '../../api/types'
import { JobProgress } from '../../jobs/JobProgress'
import { isActive } from '../../jobs/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import classes from '../experiments/ExperimentPage.module.css'
import { HistoryPlot } from './HistoryPlot'
import { searchesQuery, searchQuery } from './queries'
import { SearchActions } from './SearchActions'
import { SearchFacts } from './SearchFacts'
import { SearchVerdict } from './SearchVerdict'
import { SlicePlots } from './SlicePlots'
import { TrialTable } from './TrialTable'

const route = getRouteApi('/framed/searches/$searchId')

/** A search: what is better than another seed brings, how it got there, each setting's part, and every trial. */
export function SearchPage() {
  const { t } = useTranslation('model')
  const id = Number(route.useParams().searchId)
  const { data, error, refetch } = useQuery(searchQuery(id))
  const siblings = useQuery({ ...searchesQuery(data?.dataset ?? 0), enabled: !!data }).data?.items
  return (
    <Page
      title={data?.name ?? '…'}
      dataset={data?.dataset}
      padded
      progress={data && isActive(data) ? data.job?.progress : undefined}
      crumbs={data && <Crumb label={t('tabs.searches')} to={`/model/${data.dataset}/searches`} />}
      switchTo={siblings?.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/searches/${one.id}`,
        current: one.id === id,
      }))}
      tabs={data && <StateMark state={data.state} progress={data.job?.progress ?? 0} />}
      actions={data && <SearchActions of={data} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!data && !error && <RoutePending />}
      {data && <Body of={data} />}
    </Page>
  )
}

function Body({ of }: { of: SettingsSearch }) {
  const { t } = useTranslation('model')
  const seen = of.tried.some(
    ({ kind, value, curve }) => kind === 'trial' && (value !== null || curve.length > 0),
  )
  return (
    <div className={classes.page}>
      {of.job?.error && (
        <p className={classes.problem} role="alert">
          {of.job.error}
        </p>
      )}
      <SearchVerdict of={of} />
      {of.job && isActive(of.job) && <JobProgress job={of.job} />}
      {seen && (
        <>
          <Section title={t('search.history')} note={t('search.historyWhat')}>
            <HistoryPlot of={of} />
          </Section>
          <Section title={t('search.slices')} note={t('search.slicesWhat')}>
            <SlicePlots of={of} />
          </Section>
        </>
      )}
      <Section title={t('search.tried')} note={t('search.triedWhat')}>
        <TrialTable of={of} />
      </Section>
      <Section title={t('facts')}>
        <SearchFacts of={of} />
      </Section>
    </div>
  )
}
