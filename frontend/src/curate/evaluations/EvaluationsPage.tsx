import { Button } from '@mantine/core'
import { IconGauge } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { numberColumn } from '../../ui/columns'
import { EmptyState } from '../../ui/EmptyState'
import { OffButton } from '../../ui/OffButton'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { CurateTabs } from '../CurateTabs'
import { Comparisons } from '../comparisons/Comparisons'
import { comparisonsAddress } from '../comparisons/of'
import { useCompare } from '../comparisons/useCompare'
import classes from './EvaluationsPage.module.css'
import { averagesColumns, imagesColumn, judgedColumn, madeColumn, tickColumn } from './evaluationColumns'
import { NewEvaluation } from './new/NewEvaluation'
import { evaluationsQuery } from './queries'

const route = getRouteApi('/framed/curate/$datasetId/evaluations')

/** All evaluations of a dataset; two or more that are ticked can be compared. */
export function EvaluationsPage() {
  const { t } = useTranslation(['curate/evaluations', 'curate/comparisons'])
  const id = Number(route.useParams().datasetId)
  const evaluations = useQuery(evaluationsQuery(id))
  const [chosen, setChosen] = useState<number[]>([])
  const { checkpoint } = route.useSearch() as { checkpoint?: number }
  const [asking, setAsking] = useState(checkpoint !== undefined)
  const { compare, pending } = useCompare(id)
  const go = useGo()
  const toggle = (id: number) =>
    setChosen((was) => (was.includes(id) ? was.filter((one) => one !== id) : [...was, id]))
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
          <OffButton off={ticked.length < 2 && t('ui:off.two')} loading={pending} onClick={all}>
            {ticked.length > 2
              ? t('curate/comparisons:compare.chosen', { count: ticked.length })
              : t('compareChosen')}
          </OffButton>
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
      {/* Its texts are on their way when it is first opened; the page below stays as it is. */}
      <Suspense>
        {asking && <NewEvaluation dataset={id} checkpoint={checkpoint} close={() => setAsking(false)} />}
      </Suspense>
    </Page>
  )
}

function useColumns(chosen: number[], toggle: (id: number) => void): Column<Evaluation>[] {
  const { t } = useTranslation('curate/evaluations')
  return [
    tickColumn(t('choose'), (row) => t('chooseOne', { name: row.name }), {
      chosen,
      toggle,
      disabled: (row) => !row.figures,
    }),
    judgedColumn(t('evaluated')),
    {
      key: 'on',
      head: t('slices'),
      cell: (row) => <span className="hd-dim">{row.slices.map(({ name }) => name).join(', ') || '–'}</span>,
    },
    imagesColumn(t('images')),
    numberColumn(
      'revision',
      t('labelsAt'),
      90,
      (row) => row.revision,
      (row) => t('revisionNumber', { n: row.revision }),
    ),
    ...averagesColumns('mAP', 'mAP50'),
    madeColumn(t('at')),
  ]
}
