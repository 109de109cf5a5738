import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconCopy, IconCopyCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchAtWork, SearchButton } from '../../dataset/leaks/SearchAtWork'
import { useDataset } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { Page } from '../../page/Page'
import { useActions } from '../../ui/actions'
import { Confirm } from '../../ui/Confirm'
import { EmptyState } from '../../ui/EmptyState'
import { count } from '../../ui/format'
import { OffButton } from '../../ui/OffButton'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Time } from '../../ui/Time'
import { CurateTabs } from '../CurateTabs'
import classes from './Duplicates.module.css'
import { Group } from './Group'
import { Kept, useKeepOne } from './KeepOne'
import { type Duplicates, duplicatesQuery, type Likeness } from './queries'

const route = getRouteApi('/framed/curate/$datasetId/duplicates')
const OVERLAPS = ['0', '0.5', '0.9'] as const

/** Images that are there more than once: the same bytes, or the same to look at. One of each is kept. */
export function DuplicatesPage() {
  const { t } = useTranslation('curate/duplicates')
  const dataset = Number(route.useParams().datasetId)
  const { likeness, overlap, keep: asked } = route.useSearch()
  const navigate = useNavigate()
  const wanted = { likeness, least_overlap: likeness === 'near' ? overlap : 0 }
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    duplicatesQuery(dataset, wanted),
  )
  const one = useKeepOne(dataset, wanted)
  const manages = useMay(dataset, 'manager')
  const told = data?.pages[0]
  const groups = data?.pages.flatMap(({ items }) => items) ?? []
  const show = (search: { likeness: Likeness; overlap: number }) =>
    void navigate({
      to: '/curate/$datasetId/duplicates',
      params: { datasetId: String(dataset) },
      search: search as never,
      replace: true,
    })
  const rest = told ? told.images - told.groups : 0
  useActions([
    {
      id: 'duplicates.keep',
      label: t('keepAll', { count: rest, n: count(rest) }),
      group: t('title'),
      keys: 'k',
      disabled: !manages || rest === 0 || !one.isReady,
      perform: () => one.keep(null),
    },
  ])
  return (
    <Page
      title={t('title')}
      dataset={dataset}
      padded
      tabs={<CurateTabs dataset={dataset} current="duplicates" />}
      actions={
        <Button component={PathLink} href={`/curate/${dataset}/leaks`} variant="default">
          {t('betweenSlices')}
        </Button>
      }
    >
      {error && <ProblemNote error={error} retry={() => void refetch()} />}
      <div className={classes.bar}>
        <SegmentedControl
          aria-label={t('which')}
          value={likeness}
          onChange={(value) => show({ likeness: value as Likeness, overlap })}
          data={[
            { value: 'exact', label: t('exact') },
            { value: 'near', label: t('near') },
          ]}
        />
        {likeness === 'near' && (
          <Select
            size="xs"
            aria-label={t('overlap.label')}
            allowDeselect={false}
            data={OVERLAPS.map((value) => ({
              value,
              label: t(`overlap.${value.replace('.', '')}` as 'overlap.0'),
            }))}
            value={String(overlap)}
            onChange={(value) => show({ likeness, overlap: Number(value) })}
          />
        )}
        <span className={classes.space} />
        {manages && rest > 0 && (
          <OffButton
            variant="filled"
            leftSection={<IconCopyCheck size={15} />}
            off={!one.isReady && t('ui:off.loading')}
            title={t('keepWhat')}
            onClick={() => one.keep(null)}
          >
            {t('keepAll', { count: rest, n: count(rest) })}
          </OffButton>
        )}
      </div>
      {told && likeness === 'near' && <Looked dataset={dataset} told={told} />}
      {told && (told.groups > 0 ? <Summary told={told} /> : <Nothing {...{ dataset, told, likeness }} />)}
      <ul className={classes.groups}>
        {groups.map((group) => (
          <Group
            key={group.id}
            dataset={dataset}
            group={group}
            keep={manages && one.isReady ? () => one.keep([group.id]) : null}
          />
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {one.error && <ProblemNote error={one.error} />}
      {asked && manages && rest > 0 && one.isReady && (
        <Confirm
          opened
          title={t('keepAll', { count: rest, n: count(rest) })}
          verb={t('keepVerb')}
          confirm={() => {
            one.keep(null)
            show({ likeness, overlap })
          }}
          close={() => show({ likeness, overlap })}
        >
          {t('keepWhat')}
        </Confirm>
      )}
      {one.done && <Kept dataset={dataset} done={one.done} close={one.forget} />}
    </Page>
  )
}

function Summary({ told }: { told: Duplicates }) {
  const { t } = useTranslation('curate/duplicates')
  return (
    <p className="hd-dim" role="status">
      {t('summary', { count: told.groups, n: count(told.groups), images: count(told.images) })}{' '}
      {t('keptWhich')}
    </p>
  )
}

/** What the newest search looked at, what it did not, and the way to look again. */
function Looked({ dataset, told }: { dataset: number; told: Duplicates }) {
  const { t } = useTranslation('curate/duplicates')
  if (told.job) return <SearchAtWork job={told.job} dataset={dataset} />
  const { searched } = told
  if (!searched) return null
  return (
    <div className={classes.looked}>
      <span className="hd-dim">
        {t('looked', { count: searched.images, n: count(searched.images) })} <Time at={searched.at} />.{' '}
        {searched.not_looked_at > 0 &&
          t('cameLater', { count: searched.not_looked_at, n: count(searched.not_looked_at) })}{' '}
        {searched.unreadable > 0 &&
          t('unreadable', { count: searched.unreadable, n: count(searched.unreadable) })}{' '}
        {searched.with_embedding === 0 && t('withoutEmbedding')}
      </span>
      <SearchButton dataset={dataset} again />
    </div>
  )
}

function Nothing({ dataset, told, likeness }: { dataset: number; told: Duplicates; likeness: Likeness }) {
  const { t } = useTranslation('curate/duplicates')
  const total = useDataset(dataset).data?.image_count
  const icon = <IconCopy size={34} stroke={1.3} />
  if (total === 0)
    return (
      <EmptyState
        icon={icon}
        title={t('empty.noImages')}
        action={
          <Button component={PathLink} href={`/datasets/${dataset}/imports`} variant="filled">
            {t('empty.import')}
          </Button>
        }
      >
        {t('empty.noImagesWhat')}
      </EmptyState>
    )
  if (likeness === 'exact')
    return (
      <EmptyState icon={icon} title={t('empty.exact')}>
        {t('empty.exactWhat')}
      </EmptyState>
    )
  if (told.job) return null
  if (!told.searched)
    return (
      <EmptyState icon={icon} title={t('empty.notLooked')} action={<SearchButton dataset={dataset} />}>
        {t('empty.notLookedWhat')}
      </EmptyState>
    )
  return (
    <EmptyState icon={icon} title={t('empty.near')}>
      {told.exact_copies > 0
        ? t('empty.nearBut', { count: told.exact_copies, n: count(told.exact_copies) })
        : t('empty.nearWhat')}
    </EmptyState>
  )
}
