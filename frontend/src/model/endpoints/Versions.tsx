import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Deployment, Endpoint } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { personName } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { toastProblem } from '../../ui/toast'
import { GateWord } from './GateTable'
import { deploymentsQuery, useRollBack } from './queries'

/** What is and was deployed, newest first. */
export function Versions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const { data } = useQuery(deploymentsQuery(endpoint.id))
  const columns: Column<Deployment>[] = [
    { key: 'version', head: t('version'), numeric: true, width: 70, cell: (one) => one.version },
    { key: 'checkpoint', head: t('checkpoint'), cell: (one) => <CheckpointName one={one} /> },
    { key: 'how', head: t('how'), cell: (one) => <How one={one} /> },
    { key: 'gate', head: t('gate'), width: 120, cell: (one) => <AtTheGate one={one} /> },
    {
      key: 'form',
      head: t('form'),
      width: 110,
      cell: (one) => <span className="hd-dim">{one.form ?? '–'}</span>,
    },
    { key: 'by', head: t('by'), width: 120, cell: (one) => personName(one.created_by) },
    {
      key: 'at',
      head: t('deployedAt'),
      width: 120,
      cell: (one) => (one.deployed_at ? <Time at={one.deployed_at} /> : <NotDeployed one={one} />),
    },
    { key: 'back', head: '', width: 100, cell: (one) => <BackTo one={one} endpoint={endpoint} /> },
  ]
  return (
    <Section title={t('versions')}>
      <Table
        label={t('versions')}
        columns={columns}
        rows={data}
        rowKey={(one) => one.version}
        isMarked={(one) => one.version === endpoint.current?.version}
      />
    </Section>
  )
}

function CheckpointName({ one }: { one: Deployment }) {
  const { checkpoint } = one
  return checkpoint.run ? (
    <PathLink href={`/runs/${checkpoint.run}`}>{checkpoint.name}</PathLink>
  ) : (
    checkpoint.name
  )
}

function How({ one }: { one: Deployment }) {
  const { t } = useTranslation('model/endpoints')
  return (
    <>
      {t(`kinds.${one.kind}`, { version: one.back_to })}
      {one.reason && <span className="hd-dim">{t('pastTheGate', { reason: one.reason })}</span>}
    </>
  )
}

function AtTheGate({ one }: { one: Deployment }) {
  if (!one.verdict) return <span className="hd-dim">–</span>
  return (
    <PathLink href={`/gate-results/${one.gate_result}`}>
      <GateWord of={one.verdict} />
    </PathLink>
  )
}

function NotDeployed({ one }: { one: Deployment }) {
  const { t } = useTranslation('model/endpoints')
  return one.job ? <PathLink href={`/jobs/${one.job}`}>{t('notDeployed')}</PathLink> : t('notDeployed')
}

function BackTo({ one, endpoint }: { one: Deployment; endpoint: Endpoint }) {
  const { t } = useTranslation('model/endpoints')
  const manages = useMay(endpoint.dataset, 'manager')
  const back = useRollBack(endpoint)
  const { current } = endpoint
  const possible =
    manages &&
    one.deployed_at &&
    current &&
    one.version < current.version &&
    one.checkpoint.id !== current.checkpoint.id
  if (!possible) return null
  return (
    <Button
      size="compact-xs"
      loading={back.isPending}
      onClick={() => back.mutate(one.version, { onError: toastProblem })}
    >
      {t('backToThis')}
    </Button>
  )
}
