import { Button } from '@mantine/core'
import { IconTimeline } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProjectCrumb } from '../../accounts/ProjectCrumb'
import { useProject, useProjects } from '../../accounts/projects'
import { atLeast } from '../../accounts/roles'
import type { ProjectEvaluation } from '../../api/types'
import { datasetsQuery } from '../../dataset/queries'
import { Page } from '../../page/Page'
import { NotFound } from '../../page/RouteStates'
import { useActions } from '../../ui/actions'
import { download, toCsv } from '../../ui/csv'
import { EmptyState } from '../../ui/EmptyState'
import { OffButton } from '../../ui/OffButton'
import { PathLink, useGo } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { CurateTabs } from '../CurateTabs'
import { useCompare } from '../comparisons/useCompare'
import { NewEvaluation } from '../evaluations/new/NewEvaluation'
import { CopyPicture } from './CopyPicture'
import { csvOf } from './csvOf'
import { DeleteEvaluations } from './DeleteEvaluations'
import { EvaluationTable } from './EvaluationTable'
import { Filters } from './Filters'
import classes from './History.module.css'
import { hasInterval } from './panels'
import { historyQuery, lineageQuery } from './queries'
import { rowsOf } from './rows'
import { Timeline } from './Timeline'
import { type HistorySearch, useHistorySearch } from './useHistorySearch'

/** All evaluations of a project over its runs, with lineage: which step was worth what, and on which labels. */
export function HistoryPage() {
  const { t } = useTranslation('curate/history')
  const [search, set] = useHistorySearch()
  const projects = useProjects()
  const project = useProject(search.project)
  if (projects.isSuccess && !project) return <NotFound />
  return (
    <Body
      search={search}
      filters={<Filters search={search} set={set} />}
      title={t('title')}
      // What is ticked belongs to what is shown.
      key={`${search.dataset}-${search.slice}-${search.every}`}
    />
  )
}

type Props = { search: HistorySearch; filters: ReactNode; title: string }

function Body({ search, filters, title }: Props) {
  const { t } = useTranslation('curate/history')
  const evaluations = useInfiniteQuery(
    historyQuery(search.project, {
      dataset: search.dataset,
      slice: search.slice,
      class: search.class ?? undefined,
      newest: search.every ? undefined : true,
    }),
  )
  const lineage = useInfiniteQuery(lineageQuery(search.project, search.dataset))
  const [chosen, setChosen] = useState<number[]>([])
  const [dialog, setDialog] = useState<'new' | 'delete' | null>(null)
  const picked = evaluations.data?.filter(({ id }) => chosen.includes(id)) ?? []
  const compare = useCompareChosen(picked)
  const target = useTarget(search)
  const manages = atLeast(useProject(search.project)?.role, 'manager')
  useActions([
    { id: 'newEvaluation', label: t('new'), group: title, keys: 'n', disabled: !target, perform: () => setDialog('new') },
    { id: 'compareChosen', label: t('compareChosen'), group: title, keys: 'c', disabled: !compare.possible, perform: compare.perform },
  ]) // biome-ignore format: one action a line
  const all = evaluations.data && lineage.data
  const rows =
    all && rowsOf(evaluations.data, lineage.data).filter((row) => !search.slice || row.evaluations.length > 0)
  const isNarrowed = search.dataset !== undefined || search.slice !== undefined
  const error = evaluations.error ?? lineage.error
  const older = [evaluations, lineage].filter((one) => one.hasNextPage)
  return (
    <Page
      title={title}
      dataset={search.dataset}
      crumbs={search.dataset === undefined && <ProjectCrumb id={search.project} />}
      padded
      tabs={search.dataset !== undefined && <CurateTabs dataset={search.dataset} current="history" />}
      actions={
        <>
          {picked.length > 0 && manages && <Button onClick={() => setDialog('delete')}>{t('delete')}</Button>}
          <OffButton
            off={!compare.possible && t('ui:off.two')}
            loading={compare.pending}
            onClick={compare.perform}
          >
            {picked.length > 2 ? t('compareMany', { n: picked.length }) : t('compareChosen')}
          </OffButton>
          <OffButton variant="filled" off={!target && t('chooseDataset')} onClick={() => setDialog('new')}>
            {t('new')}
          </OffButton>
        </>
      }
    >
      {(rows?.length !== 0 || isNarrowed) && filters}
      {error && (
        <ProblemNote
          error={error}
          retry={() => void Promise.all([evaluations.refetch(), lineage.refetch()])}
        />
      )}
      {rows?.length === 0 && <Nothing search={search} ask={() => setDialog('new')} />}
      {rows && rows.length > 0 && (
        <>
          {older.length > 0 && (
            <Button
              mb={10}
              loading={older.some((one) => one.isFetchingNextPage)}
              onClick={() => void Promise.all(older.map((one) => one.fetchNextPage()))}
            >
              {t('older')}
            </Button>
          )}
          <Timeline rows={rows} search={search} chosen={chosen} />
          <div className={classes.legend}>
            <p>
              {t('legend')} {!hasInterval(search.figure, search.class) && t('noInterval')}
            </p>
            <CopyPicture rows={rows} search={search} />
          </div>
        </>
      )}
      {(!all || evaluations.data.length > 0) && (
        <Section
          title={t('table')}
          actions={
            <OffButton
              size="compact-xs"
              off={!all && t('ui:off.loading')}
              onClick={() => download('evaluations.csv', toCsv(csvOf(evaluations.data ?? [])), 'text/csv')}
            >
              {t('csv')}
            </OffButton>
          }
        >
          <EvaluationTable
            evaluations={all && evaluations.data}
            search={search}
            chosen={chosen}
            toggle={(id) =>
              setChosen((was) => (was.includes(id) ? was.filter((one) => one !== id) : [...was, id]))
            }
          />
        </Section>
      )}
      <Suspense>
        {dialog === 'new' && target && <NewEvaluation dataset={target} close={() => setDialog(null)} />}
      </Suspense>
      {dialog === 'delete' && (
        <DeleteEvaluations
          project={search.project}
          evaluations={picked}
          close={() => setDialog(null)}
          done={() => setChosen([])}
        />
      )}
    </Page>
  )
}

/** Two are compared at once, the older first; more on the page of several. All must be of one dataset and finished. */
function useCompareChosen(picked: ProjectEvaluation[]) {
  const { compare, pending } = useCompare(picked[0]?.dataset ?? 0)
  const go = useGo()
  const oneDataset = new Set(picked.map(({ dataset }) => dataset)).size === 1
  const perform = () => {
    const [first, second] = picked
    if (picked.length === 2) compare(first!, second!)
    else
      go(
        `/comparisons?of=${picked
          .map(({ id }) => id)
          .sort((a, b) => a - b)
          .join(',')}`,
      )
  }
  return { possible: picked.length > 1 && oneDataset, pending, perform }
}

/** The dataset that a new evaluation is of: the one that is shown, or the project's only one. */
function useTarget({ project, dataset }: HistorySearch): number | undefined {
  const datasets = useQuery(datasetsQuery(project)).data?.items
  return dataset ?? (datasets?.length === 1 ? datasets[0]?.id : undefined)
}

function Nothing({ search, ask }: { search: HistorySearch; ask: () => void }) {
  const { t } = useTranslation('curate/history')
  const target = useTarget(search)
  if (search.slice !== undefined) return <p className="hd-dim">{t('noneOfSlice')}</p>
  return (
    <EmptyState
      icon={<IconTimeline size={34} stroke={1.3} />}
      title={t('none')}
      action={
        <>
          <Button
            variant="filled"
            component={PathLink}
            href={target ? `/model/${target}/new` : `/projects/${search.project}`}
          >
            {t(target ? 'train' : 'openProject')}
          </Button>
          {target && <Button onClick={ask}>{t('new')}</Button>}
        </>
      }
    >
      {t('noneWhat')}
    </EmptyState>
  )
}
