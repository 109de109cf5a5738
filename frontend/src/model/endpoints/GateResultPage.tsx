import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { JobProgress } from '../../jobs/JobProgress'
import { useJob } from '../../jobs/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { GateTable, GateWord } from './GateTable'
import { gateResultQuery } from './queries'

const route = getRouteApi('/framed/gate-results/$resultId')

/** A candidate at the gate: every rule, and the verdict. */
export function GateResultPage() {
  const { t } = useTranslation('model/endpoints')
  const id = Number(route.useParams().resultId)
  const { data: result, error, refetch } = useQuery(gateResultQuery(id))
  const job = useJob(result && !result.verdict ? result.job : null).data
  return (
    <Page
      title={
        result ? t('against', { candidate: result.candidate.name, incumbent: result.incumbent.name }) : '…'
      }
      dataset={result?.dataset}
      padded
      crumbs={result && <Crumb label={t('endpoints')} to={`/model/${result.dataset}/endpoints`} />}
      tabs={result?.verdict && <GateWord of={result.verdict} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!result && !error && <RoutePending />}
      {result && result.endpoints.length > 0 && (
        <p>
          {t('ofEndpoints')}{' '}
          {result.endpoints.map((one, index) => (
            <span key={one.id}>
              {index > 0 && ', '}
              <PathLink href={`/endpoints/${one.id}`}>{one.name}</PathLink>
            </span>
          ))}
        </p>
      )}
      {job && <JobProgress job={job} />}
      {result?.verdict && (
        <Section title={t('gate')} note={t('gateWhat')}>
          <GateTable result={result} />
        </Section>
      )}
    </Page>
  )
}
