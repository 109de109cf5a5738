import { Button, SegmentedControl, Select, Skeleton } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnalyticsOverview, ChartBar, ChartData } from '../../api/types'
import { DatasetTabs } from '../../dataset/DatasetTabs'
import { useClasses, useDataset } from '../../dataset/queries'
import { Page } from '../../page/Page'
import { EmptyState } from '../../ui/EmptyState'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { QueryLine } from '../grid/QueryLine'
import { countQuery, type Filter } from '../grid/queries'
import classes from './Analytics.module.css'
import { BarPanel } from './BarPanel'
import { AspectChart, PerImageChart, ProvenanceChart, SizeChart } from './BoxCharts'
import { Centres } from './Centres'
import { CompareWith, OtherLine } from './CompareWith'
import { CrossPart, Together } from './CrossParts'
import { DifferencesPart } from './DifferencesPart'
import { HistoryPart } from './HistoryPart'
import { ImageCharts } from './ImageCharts'
import { classChartQuery, overviewQuery } from './queries'
import { type AnalyticsSearch, BY, type SetAnalytics, useAnalyticsSearch } from './useAnalyticsSearch'
import { ShownContext, useShown, useSides } from './useSides'

/** What the images shown consist of, and how they differ from others; every mark opens its images in the grid. */
export function AnalyticsPage() {
  const { t } = useTranslation('curate/analytics')
  const dataset = Number(useParams({ strict: false }).datasetId)
  const [search, setSearch] = useAnalyticsSearch()
  const { q, evaluation, vs } = search
  const filter = { dataset, q, evaluation }
  const total = useQuery(countQuery(filter))
  const shown = useShownSets(dataset, search)
  return (
    <Page
      title={t('title')}
      dataset={dataset}
      middle={<QueryLine filter={filter} apply={(line) => setSearch({ q: line })} />}
      tabs={<DatasetTabs dataset={dataset} current="analytics" />}
      actions={
        <>
          <span className="hd-num hd-dim" role="status">
            {total.data !== undefined && t('images', { count: total.data, n: count(total.data) })}
          </span>
          {vs === null && <CompareWith dataset={dataset} search={search} setSearch={setSearch} />}
        </>
      }
    >
      <ShownContext value={shown}>
        <div className={classes.page}>
          <OtherLine dataset={dataset} search={search} setSearch={setSearch} />
          {total.error ? (
            <div className={classes.body}>
              <ProblemNote error={total.error} />
            </div>
          ) : total.data === 0 ? (
            <NoImages dataset={dataset} line={q} clear={() => setSearch({ q: '' })} />
          ) : (
            <Charts dataset={dataset} search={search} setSearch={setSearch} />
          )}
        </div>
      </ShownContext>
    </Page>
  )
}

/** The sets of images that every chart shows: what the line says, and what it is compared with. */
function useShownSets(dataset: number, { q, evaluation, vs }: AnalyticsSearch) {
  const { t } = useTranslation('curate/analytics')
  const all = t('compare.all')
  return useMemo(() => {
    const name = (line: string) => sliceNameOf(line) ?? (line.trim() || all)
    const filters: Filter[] = [{ dataset, q, evaluation }]
    if (vs !== null) filters.push({ dataset, q: vs, evaluation })
    const names = filters.map((filter) => name(filter.q))
    if (names.length > 1 && names[0] === names[1]) names[1] = `${names[1]} (2)`
    return { filters, names }
  }, [dataset, q, evaluation, vs, all])
}

/** The name in a line that is nothing but `in_slice("name")`. */
function sliceNameOf(line: string): string | null {
  return /^\s*in_slice\("((?:[^"\\]|\\.)*)"\)\s*$/.exec(line)?.[1]?.replace(/\\(.)/g, '$1') ?? null
}

type Props = { dataset: number; search: AnalyticsSearch; setSearch: SetAnalytics }

function Charts({ dataset, search, setSearch }: Props) {
  const { t } = useTranslation('curate/analytics')
  const overviews = useSides<AnalyticsOverview>(overviewQuery)
  const [overview] = overviews.data ?? []
  return (
    <div className={classes.body}>
      {search.vs !== null && <DifferencesPart vs={search.vs} />}
      <Section
        title={t('parts.classes')}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('by.label')}
            value={search.by}
            onChange={(by) => setSearch({ by }, true)}
            data={BY.map((value) => ({ value, label: t(`by.${value}`) }))}
          />
        }
      >
        <div className={classes.pair}>
          <ClassChart dataset={dataset} search={search} />
          <Together />
        </div>
      </Section>
      <Section title={t('parts.boxes')} actions={<OfClass {...{ dataset, search, setSearch }} />}>
        <div className={classes.halves}>
          <SizeChart search={search} setSearch={setSearch} />
          <AspectChart search={search} />
          <Centres of={search.of} />
          <PerImageChart search={search} />
        </div>
      </Section>
      <Section
        title={t('parts.images')}
        note={
          overview?.uncharted.length ? t('uncharted', { keys: overview.uncharted.join(', ') }) : undefined
        }
      >
        {overviews.error ? (
          <ProblemNote error={overviews.error} retry={overviews.refetch} />
        ) : overviews.data ? (
          <div className={classes.thirds}>
            <ImageCharts overviews={overviews.data} />
          </div>
        ) : (
          <Skeleton height={240} />
        )}
      </Section>
      <Section title={t('parts.cross')} note={t('cross.what')}>
        {overview ? (
          <CrossPart search={search} setSearch={setSearch} overview={overview} />
        ) : (
          <Skeleton height={320} />
        )}
      </Section>
      <Section title={t('parts.labels')}>
        <div className={classes.halves}>
          <ProvenanceChart />
          <HistoryPart />
        </div>
      </Section>
    </div>
  )
}

function ClassChart({ dataset, search }: { dataset: number; search: AnalyticsSearch }) {
  const { t } = useTranslation('curate/analytics')
  const charts = useSides<ChartData>(classChartQuery)
  const known = useClasses(dataset)
  const { names } = useShown()
  const colours = [...known.values()].map(({ colour }) => colour).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map is new each time, its colours are not
  const labels = useMemo(
    () => (bar: ChartBar) => ({ label: bar.label ?? '', colour: known.get(bar.class_id ?? 0)?.colour }),
    [colours],
  )
  return (
    <BarPanel
      title={t(`classes.${search.by}`)}
      note={names.length > 1 ? t(`classes.shareOf.${search.by}`) : undefined}
      charts={charts.data}
      state={charts}
      measure={search.by}
      labels={labels}
      byRank
      rows={10}
    />
  )
}

/** The charts of boxes for one class, or for all. */
function OfClass({ dataset, search, setSearch }: Props) {
  const { t } = useTranslation('curate/analytics')
  const info = useDataset(dataset).data
  return (
    <Select
      className={classes.ofClass}
      aria-label={t('ofClass')}
      placeholder={t('allClasses')}
      clearable
      searchable={(info?.classes.length ?? 0) > 12}
      data={info?.classes.map(({ id, name }) => ({ value: String(id), label: name })) ?? []}
      value={search.of === null ? null : String(search.of)}
      onChange={(id) => setSearch({ of: id ? Number(id) : undefined }, true)}
    />
  )
}

function NoImages({ dataset, line, clear }: { dataset: number; line: string; clear: () => void }) {
  const { t } = useTranslation('curate/analytics')
  const icon = <IconChartBar size={30} stroke={1.4} />
  if (line.trim())
    return (
      <EmptyState
        icon={icon}
        title={t('noMatch.title')}
        action={
          <Button variant="filled" onClick={clear}>
            {t('noMatch.clear')}
          </Button>
        }
      >
        {t('noMatch.text')}
      </EmptyState>
    )
  return (
    <EmptyState
      icon={icon}
      title={t('noImages.title')}
      action={
        <Button variant="filled" component={Link} to={`/datasets/${dataset}/imports`}>
          {t('noImages.import')}
        </Button>
      }
    >
      {t('noImages.text')}
    </EmptyState>
  )
}
