import { Button } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { ModelTabs } from '../ModelTabs'
import { DeployDialog } from './DeployDialog'
import { EndpointState } from './EndpointState'
import { Gates } from './Gates'
import { endpointsQuery } from './queries'

const route = getRouteApi('/framed/model/$datasetId/endpoints')

/** What is deployed, and the gates that candidates go through. */
export function EndpointsPage() {
  const { t } = useTranslation('model/endpoints')
  const id = Number(route.useParams().datasetId)
  const navigate = useNavigate()
  const endpoints = useQuery(endpointsQuery(id))
  const manages = useMay(id, 'manager')
  const [deploying, setDeploying] = useState(false)
  const deploy = () => setDeploying(true)
  const open = (one: { id: number }) =>
    void navigate({ to: '/endpoints/$endpointId', params: { endpointId: String(one.id) } })
  useActions([
    {
      id: 'deploy',
      label: t('deploy'),
      group: t('endpoints'),
      keys: 'n',
      disabled: !manages,
      perform: deploy,
    },
  ])
  const button = manages && (
    <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={deploy}>
      {t('deploy')}
    </Button>
  )
  return (
    <Page
      title={t('endpoints')}
      dataset={id}
      padded
      tabs={<ModelTabs dataset={id} current="endpoints" />}
      actions={button}
    >
      {endpoints.error && <ProblemNote error={endpoints.error} retry={() => void endpoints.refetch()} />}
      {endpoints.data?.length === 0 ? (
        <EmptyState
          icon={<IconPlugConnected size={34} stroke={1.3} />}
          title={t('noEndpoints')}
          action={button}
        >
          {t('noEndpointsWhat')}
        </EmptyState>
      ) : (
        <EndpointTable rows={endpoints.data} open={open} />
      )}
      <Gates dataset={id} />
      {deploying && <DeployDialog dataset={id} close={() => setDeploying(false)} made={open} />}
    </Page>
  )
}

function EndpointTable({ rows, open }: { rows: Endpoint[] | undefined; open: (one: Endpoint) => void }) {
  const { t } = useTranslation('model/endpoints')
  const columns: Column<Endpoint>[] = [
    {
      key: 'name',
      head: t('name'),
      cell: (one) => (
        <Link to="/endpoints/$endpointId" params={{ endpointId: String(one.id) }}>
          {one.name}
        </Link>
      ),
    },
    { key: 'state', head: t('state'), width: 150, cell: (one) => <EndpointState endpoint={one} /> },
    { key: 'checkpoint', head: t('checkpoint'), cell: (one) => one.current?.checkpoint.name ?? '–' },
    {
      key: 'version',
      head: t('version'),
      numeric: true,
      width: 80,
      cell: (one) => one.current?.version ?? '–',
    },
    {
      key: 'gate',
      head: t('gate'),
      cell: (one) => one.gate_name ?? <span className="hd-dim">{t('noGate')}</span>,
    },
    {
      key: 'at',
      head: t('deployedAt'),
      width: 130,
      cell: (one) => (one.current?.deployed_at ? <Time at={one.current.deployed_at} /> : '–'),
    },
  ]
  return (
    <Section title={t('endpoints')}>
      <Table label={t('endpoints')} columns={columns} rows={rows} rowKey={(one) => one.id} onOpen={open} />
    </Section>
  )
}
