import { Button, Checkbox } from '@mantine/core'
import { IconGauge } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { EmptyState } from '../../ui/EmptyState'
import { Figure } from '../../ui/Figure'
import { count } from '../../ui/format'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { type Column, Table } from '../../ui/Table'
import { Time } from '../../ui/Time'
import { NewEvaluation } from '../evaluate/NewEvaluation'
import { Comparisons } from './Comparisons'
import { CurateTabs } from './CurateTabs'
import { comparisonsAddress } from './compare/of'
import classes from './EvaluationsPage.module.css'
import { evaluationsQuery } from './queries'
import { useCompare } from './useCompare'

const route = getRouteApi('/framed/curate/$datasetId/evaluations')

/** All evaluations of a dataset; two or more that are ticked can be compared. */
export function EvaluationsPage() {
  const { t } = useTranslation('curate/diagnosis')
  const id = Number(route.useParams().datasetId)
  const evaluations = useQuery(evaluationsQuery(id))
  const [chosen, setChosen] = useState<number[]>([])
  const { checkpoint } = route.useSearch() as { checkpoint?: number }
  const [asking, setAsking] = useState(checkpoint !== undefined)
  const { compare, pending } = useCompare(id)
  const go = useGo()
  const toggle = (row: Evaluation) =>
    setChosen((was) => (was.includes(row.id) ? was.filter((one) => one !== row.id) : [...was, row.id]))
  const ticked = evaluations.data?.items.filter((one) => chosen.includes(one.id)) ?? []
  const all = () => {
    if (ticked.length === 2) compare(ticked[0]!, ticked[1]!)
    if (ticked.length > 2) go(comparisonsAddress([...chosen].sort((x, y) => x - y)))
  }
  useActions([
    { id: 'newEvaluation', label: t('new'), group: t('tabs.evaluations'), keys: 'n', perform: () => setAsking(true) },
    { id: 'compareChosen', label: t('compareChosen'), group: t('tabs.evaluations'), keys: 'c', disabled: ticked.length < 2, perform: all },
  ]) // biome-ignore format: one action a line
  const columns = useColumns(chosen, toggle)
  return (
    <Page
      title={t('tabs.evaluations')}
      dataset={id}
      padded
      tabs={<CurateTabs dataset={id} current="evaluations" />}
      actions={
        <>
          <Button disabled={ticked.length < 2} loading={pending} onClick={all}>
            {ticked.length > 2 ? t('compare.chosen', { count: ticked.length }) : t('compareChosen')}
          </Button>
          <Button variant="filled" onClick={() => setAsking(true)}>
            {t('new')}
          </Button>
        </>
      }
    >
      {evaluations.error && (
        <ProblemNote error={evaluations.error} retry={() => void evaluations.refetch()} />
      )}
      {evaluations.data?.items.length === 0 ? (
        <EmptyState
          icon={<IconGauge size={34} stroke={1.3} />}
          title={t('none')}
          action={
            <Button variant="filled" component={PathLink} href={`/model/${id}/new`}>
              {t('train')}
            </Button>
          }
        >
          {t('noneWhat')}
        </EmptyState>
      ) : (
        <>
          <Table
            label={t('tabs.evaluations')}
            columns={columns}
            rows={evaluations.data?.items}
            rowKey={(row) => row.id}
            isMarked={(row) => chosen.includes(row.id)}
            onOpen={(row) => go(`/evaluations/${row.id}`)}
          />
          <div className={classes.below}>
            <Section title={t('comparisons')}>
              <Comparisons dataset={id} />
            </Section>
          </div>
        </>
      )}
      {asking && <NewEvaluation dataset={id} checkpoint={checkpoint} close={() => setAsking(false)} />}
    </Page>
  )
}

function useColumns(chosen: number[], toggle: (row: Evaluation) => void): Column<Evaluation>[] {
  const { t } = useTranslation('curate/diagnosis')
  return [
    {
      key: 'choose',
      head: <span className="hd-hidden">{t('choose')}</span>,
      width: 30,
      cell: (row) => (
        <Checkbox
          size="xs"
          aria-label={t('chooseOne', { name: row.name })}
          checked={chosen.includes(row.id)}
          disabled={!row.figures}
          onChange={() => toggle(row)}
        />
      ),
    },
    {
      key: 'name',
      head: t('evaluated'),
      sort: (row) => row.name,
      cell: (row) => (
        <Link to="/evaluations/$evaluationId" params={{ evaluationId: String(row.id) }}>
          {row.prediction_set.run?.name ?? row.prediction_set.name}
        </Link>
      ),
    },
    {
      key: 'on',
      head: t('slices'),
      cell: (row) => <span className="hd-dim">{row.slices.map(({ name }) => name).join(', ') || '–'}</span>,
    },
    {
      key: 'images',
      head: t('images'),
      numeric: true,
      width: 80,
      sort: (row) => row.counts?.images ?? null,
      cell: (row) => (row.counts ? count(row.counts.images) : '–'),
    },
    {
      key: 'revision',
      head: t('labelsAt'),
      numeric: true,
      width: 90,
      sort: (row) => row.revision,
      cell: (row) => t('revisionNumber', { n: row.revision }),
    },
    {
      key: 'AP',
      head: 'mAP',
      numeric: true,
      width: 120,
      sort: (row) => row.figures?.AP ?? null,
      cell: (row) =>
        row.figures ? (
          <Figure value={row.figures.AP} interval={row.interval} />
        ) : (
          <StateMark state={row.state} />
        ),
    },
    {
      key: 'AP50',
      head: 'mAP50',
      numeric: true,
      width: 120,
      sort: (row) => row.figures?.AP50 ?? null,
      cell: (row) => <Figure value={row.figures?.AP50} interval={row.interval50} />,
    },
    {
      key: 'at',
      head: t('at'),
      width: 130,
      sort: (row) => row.created_at,
      cell: (row) => <Time at={row.created_at} />,
    },
  ]
}
