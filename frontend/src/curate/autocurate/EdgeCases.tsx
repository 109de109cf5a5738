import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AutoCurateDetail } from '../../api/types'
import { useReason } from '../../dataset/suggestions/reason'
import { EmptyState } from '../../ui/EmptyState'
import { count, percent } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import classes from './Mislabels.module.css'
import { pickPages } from './queries'

/** The images that the checkpoint finds hardest, each with its reason. */
export function EdgeCases({ run }: { run: AutoCurateDetail }) {
  const { t } = useTranslation('curate/autocurate')
  const reason = useReason()
  const pages = useInfiniteQuery(pickPages(run.id))
  const slice = run.slices[0]
  const items = pages.data?.pages.flatMap((page) => page.items)
  if (pages.error) return <ProblemNote error={pages.error} retry={() => void pages.refetch()} />
  if (!items) return <Skeleton height={300} />
  if (items.length === 0) return <EmptyState title={t('noEdgeCase')} />
  return (
    <Section
      title={t('edgeCases', { n: count(slice?.image_count ?? items.length) })}
      note={t('hardestFirst')}
      actions={
        slice && (
          <Button component={PathLink} href={`/datasets/${run.dataset}/slices/${slice.id}`}>
            {slice.name}
          </Button>
        )
      }
    >
      <ul className={classes.cards}>
        {items.map((pick) => (
          <li key={pick.image.id} className={classes.card}>
            <PathLink href={`/datasets/${run.dataset}/images/${pick.image.id}`}>
              <img
                src={pick.image.thumb}
                alt={pick.image.key}
                loading="lazy"
                style={{
                  width: '100%',
                  display: 'block',
                  aspectRatio: pick.image.width / pick.image.height,
                  borderRadius: 3,
                }}
              />
            </PathLink>
            <div className={classes.head}>
              <span className="hd-dim" style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
                {pick.image.key}
              </span>
              <span className={`${classes.score} hd-num`}>{percent(pick.score)}</span>
            </div>
            <p className={classes.why}>{reason(pick)}</p>
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className={classes.more}>
          <Button onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
            {t('more')}
          </Button>
        </div>
      )}
    </Section>
  )
}
