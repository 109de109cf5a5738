import { Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { JobProgress } from '../../jobs/JobProgress'
import { useJob } from '../../jobs/queries'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { RoutePending } from '../../page/RoutePending'
import { useActions } from '../../ui/actions'
import { Confirm } from '../../ui/Confirm'
import { ProblemNote } from '../../ui/ProblemNote'
import { toastProblem } from '../../ui/toast'
import { EndpointMetrics } from './EndpointMetrics'
import classes from './EndpointPage.module.css'
import { EndpointSettings } from './EndpointSettings'
import { EndpointState } from './EndpointState'
import { PromoteDialog } from './PromoteDialog'
import { endpointQuery, endpointsQuery, useChangeEndpoint, useRollBack } from './queries'
import { TryPicture } from './TryPicture'
import { Versions } from './Versions'

const route = getRouteApi('/framed/endpoints/$endpointId')

/** One endpoint: a picture to try, how it does, what is and was deployed, and its settings. */
export function EndpointPage() {
  const { t } = useTranslation('model/endpoints')
  const id = Number(route.useParams().endpointId)
  const { data: endpoint, error, refetch } = useQuery(endpointQuery(id))
  const siblings = useQuery({ ...endpointsQuery(endpoint?.dataset ?? 0), enabled: !!endpoint }).data
  return (
    <Page
      title={endpoint?.name ?? '…'}
      dataset={endpoint?.dataset}
      padded
      crumbs={endpoint && <Crumb label={t('endpoints')} to={`/model/${endpoint.dataset}/endpoints`} />}
      switchTo={siblings?.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/endpoints/${one.id}`,
        current: one.id === id,
      }))}
      tabs={endpoint && <EndpointState endpoint={endpoint} />}
      actions={endpoint && <EndpointActions endpoint={endpoint} />}
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      {!endpoint && !error && <RoutePending />}
      {endpoint && <Body endpoint={endpoint} />}
    </Page>
  )
}

function Body({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const job = useJob(endpoint.coming?.job).data
  const { current } = endpoint
  return (
    <>
      {current && (
        <p className={classes.current}>
          {t('answersBy', {
            version: current.version,
            checkpoint: current.checkpoint.name,
            form: current.form,
          })}
          {current.reason && <span className="hd-dim">{t('pastTheGate', { reason: current.reason })}</span>}
        </p>
      )}
      {job && <JobProgress job={job} />}
      {current && <TryPicture endpoint={endpoint} />}
      <EndpointMetrics endpoint={endpoint} />
      <Versions endpoint={endpoint} />
      <EndpointSettings endpoint={endpoint} />
    </>
  )
}

function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const manages = useMay(endpoint.dataset, 'manager')
  const change = useChangeEndpoint(endpoint.id)
  const back = useRollBack(endpoint)
  const [promoting, setPromoting] = useState(false)
  const [rollingBack, setRollingBack] = useState(false)
  const promote = () => setPromoting(true)
  const rollBack = () => setRollingBack(true)
  const first = (endpoint.current?.version ?? 0) < 2
  const stop = () => change.mutate({ stopped: endpoint.state !== 'stopped' }, { onError: toastProblem })
  useActions(
    manages
      ? [{ id: 'promote', label: t('promote'), group: endpoint.name, keys: 'p', perform: promote }]
      : [],
  )
  if (!manages) return null
  return (
    <>
      <Button loading={change.isPending} onClick={stop}>
        {t(endpoint.state === 'stopped' ? 'start' : 'stop')}
      </Button>
      <Tooltip label={t('nothingBefore')} disabled={!first}>
        <Button
          data-disabled={first || undefined}
          aria-disabled={first}
          onClick={first ? undefined : rollBack}
        >
          {t('rollBack')}
        </Button>
      </Tooltip>
      <Button variant="filled" onClick={promote}>
        {t('promote')}
      </Button>
      {promoting && <PromoteDialog endpoint={endpoint} close={() => setPromoting(false)} />}
      <Confirm
        opened={rollingBack}
        close={() => setRollingBack(false)}
        title={t('rollBack')}
        verb={t('rollBack')}
        pending={back.isPending}
        error={back.error}
        confirm={() => back.mutate(null, { onSuccess: () => setRollingBack(false) })}
      >
        {t('rollBackWhat')}
      </Confirm>
    </>
  )
}
