import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Gate, GateResult } from '../../api/types'
import { useMay } from '../../dataset/useMay'
import { PathLink } from '../../ui/PathLink'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { GateDialog } from './GateDialog'
import { GateWord } from './GateTable'
import { gateResultsQuery, gatesQuery } from './queries'

/** A dataset's saved rules, and what was judged by them. */
export function Gates({ dataset }: { dataset: number }) {
  const { t } = useTranslation('model/endpoints')
  const gates = useQuery(gatesQuery(dataset))
  const owns = useMay(dataset, 'owner')
  const [edited, setEdited] = useState<Gate | 'new' | null>(null)
  const columns: Column<Gate>[] = [
    { key: 'name', head: t('name'), cell: (one) => one.name },
    { key: 'rules', head: t('rulesShort'), cell: (one) => <RuleSummary gate={one} /> },
    {
      key: 'of',
      head: t('endpoints'),
      width: 200,
      cell: (one) => one.endpoints.join(', ') || <span className="hd-dim">{t('unused')}</span>,
    },
    { key: 'at', head: t('changedAt'), width: 130, cell: (one) => <Time at={one.changed_at} /> },
  ]
  return (
    <>
      <Section
        title={t('gates')}
        note={t('gatesWhat')}
        actions={
          owns && (
            <Button leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
              {t('newGate')}
            </Button>
          )
        }
      >
        <Table
          label={t('gates')}
          columns={columns}
          rows={gates.data}
          rowKey={(one) => one.id}
          empty={t('noGates')}
          onOpen={owns ? setEdited : undefined}
        />
      </Section>
      <Results dataset={dataset} />
      {edited && (
        <GateDialog dataset={dataset} gate={edited === 'new' ? null : edited} close={() => setEdited(null)} />
      )}
    </>
  )
}

function RuleSummary({ gate }: { gate: Gate }) {
  const { t } = useTranslation('model/endpoints')
  return gate.document.rules
    .map(({ figure, drop, class: name, classes, scenario }) =>
      [
        name || classes ? (figure ?? 'mAP').replace(/^mAP/, 'AP') : (figure ?? 'mAP'),
        name ?? (classes && t('everyClass')),
        scenario && t('onScenario', { name: scenario }),
        `≤ ${drop}`,
      ]
        .filter(Boolean)
        .join(' '),
    )
    .join(' · ')
}

function Results({ dataset }: { dataset: number }) {
  const { t } = useTranslation('model/endpoints')
  const { data } = useQuery(gateResultsQuery(dataset))
  const columns: Column<GateResult>[] = [
    {
      key: 'who',
      head: t('candidate'),
      cell: (one) => (
        <PathLink href={`/gate-results/${one.id}`}>
          {t('against', { candidate: one.candidate.name, incumbent: one.incumbent.name })}
        </PathLink>
      ),
    },
    {
      key: 'verdict',
      head: t('verdict'),
      width: 150,
      cell: (one) =>
        one.verdict ? <GateWord of={one.verdict} /> : <span className="hd-dim">{t('notJudged')}</span>,
    },
    { key: 'at', head: t('askedAt'), width: 130, cell: (one) => <Time at={one.created_at} /> },
  ]
  if (!data?.length) return null
  return (
    <Section title={t('results')}>
      <Table label={t('results')} columns={columns} rows={data} rowKey={(one) => one.id} />
    </Section>
  )
}
