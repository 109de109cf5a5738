import { Button, MultiSelect, Select } from '@mantine/core'
import { IconArrowsSplit2, IconStack2 } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type LeakPair, type LeakSides, type Leaks, leakPagesQuery } from '../../dataset/leaks/queries'
import { SearchAtWork, SearchButton } from '../../dataset/leaks/SearchAtWork'
import { useSlices } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { Crumb } from '../../page/Crumb'
import { Page } from '../../page/Page'
import { EmptyState } from '../../ui/EmptyState'
import { Facts } from '../../ui/Facts'
import { count, percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { CurateTabs } from '../CurateTabs'
import classes from './Duplicates.module.css'
import { SliceTheCopies } from './SliceTheCopies'
import { TakeOut } from './TakeOut'

const route = getRouteApi('/framed/curate/$datasetId/leaks')

/** What a validation slice shares with training: pairs side by side, and what can be done about them. */
export function LeaksPage() {
  const { t } = useTranslation('curate/duplicates')
  const dataset = Number(route.useParams().datasetId)
  const search = route.useSearch()
  const sides = sidesOf(search)
  return (
    <Page
      title={t('leaks.title')}
      dataset={dataset}
      padded
      tabs={<CurateTabs dataset={dataset} current="duplicates" />}
      crumbs={
        search.evaluation ? (
          <Crumb label={t('leaks.evaluation')} to={`/evaluations/${search.evaluation}`} />
        ) : (
          <Crumb label={t('title')} to={`/curate/${dataset}/duplicates`} />
        )
      }
    >
      {!search.evaluation && <Sides dataset={dataset} train={search.train} validation={search.validation} />}
      {sides ? (
        <Found key={JSON.stringify(sides)} dataset={dataset} sides={sides} />
      ) : (
        <Unchosen dataset={dataset} />
      )}
    </Page>
  )
}

type Search = { train: number[]; validation?: number; evaluation?: number }

/** Nothing is compared yet: which slices are, or how one comes to slices. */
function Unchosen({ dataset }: { dataset: number }) {
  const { t } = useTranslation('curate/duplicates')
  const icon = <IconArrowsSplit2 size={34} stroke={1.3} />
  const slices = useSlices(dataset).data
  if (slices && slices.length < 2)
    return (
      <EmptyState
        icon={icon}
        title={t('leaks.noSlices')}
        action={
          <Button component={PathLink} href={`/curate/${dataset}`} variant="filled">
            {t('leaks.split')}
          </Button>
        }
      >
        {t('leaks.noSlicesWhat')}
      </EmptyState>
    )
  return (
    <EmptyState icon={icon} title={t('leaks.choose')}>
      {t('leaks.chooseWhat')}
    </EmptyState>
  )
}

function sidesOf({ train, validation, evaluation }: Search): LeakSides | null {
  if (evaluation) return { evaluation }
  return train.length > 0 && validation ? { train, validation } : null
}

/** The slices that are compared; they stand in the address. */
function Sides({ dataset, train, validation }: { dataset: number } & Omit<Search, 'evaluation'>) {
  const { t } = useTranslation('curate/duplicates')
  const navigate = useNavigate()
  const slices = useSlices(dataset).data ?? []
  const options = slices.map((one) => ({
    value: String(one.id),
    label: `${one.name} · ${count(one.image_count)}`,
  }))
  const show = (change: { train?: number[]; validation?: number }) => {
    const next = { train, validation, ...change }
    void navigate({
      to: '/curate/$datasetId/leaks',
      params: { datasetId: String(dataset) },
      search: { train: next.train.join(',') || undefined, validation: next.validation } as never,
      replace: true,
    })
  }
  return (
    <div className={classes.sides}>
      <MultiSelect
        size="xs"
        label={t('leaks.train')}
        searchable
        data={options.filter(({ value }) => Number(value) !== validation)}
        value={train.map(String)}
        onChange={(ids) => show({ train: ids.map(Number) })}
      />
      <Select
        size="xs"
        label={t('leaks.validation')}
        searchable
        data={options.filter(({ value }) => !train.includes(Number(value)))}
        value={validation ? String(validation) : null}
        onChange={(id) => show({ validation: id ? Number(id) : undefined })}
      />
    </div>
  )
}

function Found({ dataset, sides }: { dataset: number; sides: LeakSides }) {
  const { t } = useTranslation('curate/duplicates')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    leakPagesQuery(dataset, sides),
  )
  const manages = useMay(dataset, 'manager')
  const [dialog, setDialog] = useState<'take' | 'slice' | null>(null)
  const found = data?.pages[0]
  const pairs = data?.pages.flatMap(({ items }) => items) ?? []
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />
  if (!found) return null
  const close = () => setDialog(null)
  const canChange = manages && found.training_images > 0 && !('evaluation' in sides)
  return (
    <>
      <Numbers dataset={dataset} found={found} />
      {canChange && (
        <div className={classes.bar}>
          <Button variant="filled" onClick={() => setDialog('take')}>
            {t('leaks.takeOut', { count: found.training_images, n: count(found.training_images) })}
          </Button>
          <Button leftSection={<IconStack2 size={15} />} onClick={() => setDialog('slice')}>
            {t('leaks.makeSlice')}
          </Button>
        </div>
      )}
      <ul className={classes.pairs}>
        {pairs.map((pair) => (
          <Pair key={`${pair.validation.id}-${pair.training.id}`} dataset={dataset} pair={pair} />
        ))}
      </ul>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {dialog === 'take' && 'train' in sides && (
        <TakeOut {...{ dataset, close }} sides={sides} images={found.training_images} />
      )}
      {dialog === 'slice' && 'train' in sides && <SliceTheCopies {...{ dataset, close }} sides={sides} />}
    </>
  )
}

/** In numbers, with what was looked for and what was not. */
function Numbers({ dataset, found }: { dataset: number; found: Leaks }) {
  const { t } = useTranslation('curate/duplicates')
  const { looked } = found
  const by = found.relations.filter(({ images }) => images > 0)
  return (
    <>
      <p className={classes.headline} role="status">
        <strong>
          {t('leaks.copies', {
            count: found.images,
            n: count(found.images),
            of: count(found.validation_images),
          })}
        </strong>{' '}
        <span className="hd-dim">{t('leaks.trainedOn', { n: count(found.train_images) })}</span>
      </p>
      <Facts
        of={{
          ...Object.fromEntries(
            by.map(({ relation, images }) => [t(`leaks.relation.${relation}`), count(images)]),
          ),
          [t('leaks.sequences')]:
            found.sequences > 0 &&
            t('leaks.sequencesOf', { n: count(found.sequences), images: count(found.sequence_images) }),
          [t('leaks.notLooked')]: looked.not_looked_at > 0 && count(looked.not_looked_at),
        }}
      />
      {looked.job ? (
        <SearchAtWork job={looked.job} dataset={dataset} />
      ) : (
        looked.not_looked_at > 0 && (
          <div className={classes.looked}>
            <span className="hd-dim">{t('leaks.notLookedWhat')}</span>
            <SearchButton dataset={dataset} again={looked.search !== null} />
          </div>
        )
      )}
    </>
  )
}

function Pair({ dataset, pair }: { dataset: number; pair: LeakPair }) {
  const { t } = useTranslation('curate/duplicates')
  const sides = [
    ['leaks.validation', pair.validation],
    ['leaks.train', pair.training],
  ] as const
  return (
    <li className={classes.pair}>
      <div className={classes.two}>
        {sides.map(([word, image]) => (
          <PathLink key={word} href={`/datasets/${dataset}/images/${image.id}`} title={image.key}>
            <img src={image.thumb} alt="" loading="lazy" width={image.width} height={image.height} />
            <span className={classes.side}>{t(word)}</span>
            <span className={classes.name}>
              <bdi>{image.key}</bdi>
            </span>
          </PathLink>
        ))}
      </div>
      <span className={classes.facts}>
        {t(`leaks.relation.${pair.relation}`)}
        {pair.pose && pair.pose !== 'upright' && ` · ${t(`leaks.pose.${pair.pose}`)}`}
        {pair.overlap < 0.95 && ` · ${t('leaks.shared', { share: percent(pair.overlap) })}`}
      </span>
    </li>
  )
}
