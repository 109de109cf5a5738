import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fileName } from '../../canvas/fileName'
import { number } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { similarQuery } from './queries'
import classes from './Similar.module.css'

type Props = { dataset: number; image: number }

/** The images that look most like this one, nearest first; each leads on, all of them to the grid. */
export function Similar({ dataset, image }: Props) {
  const { t } = useTranslation('dataset/image')
  const { data } = useQuery(similarQuery(image))
  if (!data) return <Skeleton className={classes.strip} height={104} radius={0} />
  return (
    <section className={classes.strip} aria-label={t('similar.title')}>
      <header className={classes.head}>
        <h2>{t('similar.title')}</h2>
        {data.embedded ? (
          <Link
            to="/datasets/$datasetId"
            params={{ datasetId: String(dataset) }}
            search={{ q: `near(image = ${image})`, order: 'near' }}
          >
            {t('similar.grid')}
          </Link>
        ) : (
          <PathLink href={`/curate/${dataset}/map`}>{t('similar.compute')}</PathLink>
        )}
      </header>
      <ul className={classes.images}>
        {data.items.map(({ image: one, distance }) => (
          <li key={one.id}>
            <Link
              to="/datasets/$datasetId/images/$imageId"
              params={{ datasetId: String(dataset), imageId: String(one.id) }}
              title={`${fileName(one.key)} · ${t('similar.distance', { n: number(distance, 2) })}`}
            >
              <img src={one.thumb} alt={fileName(one.key)} loading="lazy" />
            </Link>
          </li>
        ))}
      </ul>
      {!data.embedded && <p className="hd-dim">{t('similar.none')}</p>}
    </section>
  )
}
