import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail, PickedImage } from '../../api/types'
import { useReason } from '../../dataset/suggestions/reason'
import { EmptyState } from '../../ui/EmptyState'
import { number, percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import mislabels from './Mislabels.module.css'
import classes from './Picks.module.css'
import { pickPages } from './queries'

/** The images that a run chose, in its order, each with its reason and the labelled image most like it. */
export function Picks({ run, none, nearest }: { run: AutoCurateDetail; none: string; nearest?: string }) {
  const { t } = useTranslation('curate/autocurate')
  const pages = useInfiniteQuery(pickPages(run.id))
  const items = pages.data?.pages.flatMap((page) => page.items)
  if (pages.error) return <ProblemNote error={pages.error} retry={() => void pages.refetch()} />
  if (!items) return <Skeleton height={300} />
  if (items.length === 0) return <EmptyState title={none} />
  return (
    <>
      <ol className={mislabels.cards} aria-label={t('chosenImages')}>
        {items.map((pick, at) => (
          <Card
            key={pick.image.id}
            dataset={run.dataset}
            pick={pick}
            place={at + 1}
            nearest={nearest ?? t('nearestLabelled')}
          />
        ))}
      </ol>
      {pages.hasNextPage && (
        <div className={mislabels.more}>
          <Button onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      )}
    </>
  )
}

type CardProps = { dataset: number; pick: PickedImage; place: number; nearest: string }

function Card({ dataset, pick, place, nearest }: CardProps) {
  const reason = useReason()
  return (
    <li className={mislabels.card}>
      <Picture dataset={dataset} image={pick.image} />
      <div className={mislabels.head}>
        <span className="hd-num">{place}</span>
        <span className={`${classes.key} hd-dim`}>{pick.image.key}</span>
        <span className={`${mislabels.score} hd-num`}>{percent(pick.score)}</span>
      </div>
      <p className={mislabels.why}>{reason(pick)}</p>
      {pick.nearest && <Neighbour dataset={dataset} nearest={pick.nearest} what={nearest} />}
    </li>
  )
}

function Picture({ dataset, image }: { dataset: number; image: PickedImage['image'] }) {
  return (
    <PathLink href={`/datasets/${dataset}/images/${image.id}`}>
      <img
        className={classes.picture}
        src={image.thumb}
        alt={image.key}
        loading="lazy"
        style={{ aspectRatio: image.width / image.height }}
      />
    </PathLink>
  )
}

/** The labelled image that looks most like the chosen one: what is new is seen by comparing. */
type NeighbourProps = { dataset: number; nearest: NonNullable<PickedImage['nearest']>; what: string }

function Neighbour({ dataset, nearest, what }: NeighbourProps) {
  const { t } = useTranslation('curate/autocurate')
  const far = nearest.measure === 'hash' ? 'nearestBits' : 'nearestDistance'
  return (
    <div className={classes.neighbour}>
      <Picture dataset={dataset} image={nearest.image} />
      <span className="hd-dim">
        {what}
        <br />
        {t(far, { n: number(nearest.distance) })}
      </span>
    </div>
  )
}
