import { Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '../accounts/projects'
import { atLeast } from '../accounts/roles'
import type { Dataset } from '../api/types'
import { count } from '../ui/format'
import { DatasetMenu } from './DatasetMenu'
import classes from './DatasetTiles.module.css'

/** Datasets by their pictures. Undefined while loading. */
export function DatasetTiles({ datasets }: { datasets: Dataset[] | undefined }) {
  return (
    <ul className={classes.tiles}>
      {datasets
        ? datasets.map((dataset) => <Tile key={dataset.id} dataset={dataset} />)
        : [0, 1, 2].map((key) => (
            <li key={key} aria-hidden>
              <Skeleton className={classes.cover} radius={5} />
              <Skeleton height={12} width="55%" mt={10} />
            </li>
          ))}
    </ul>
  )
}

function Tile({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('home')
  const manages = atLeast(useProject(dataset.project)?.role, 'manager')
  return (
    <li className={classes.item}>
      <Link to="/datasets/$datasetId" params={{ datasetId: String(dataset.id) }} className={classes.tile}>
        <Cover pictures={dataset.cover} />
        <span className={classes.name}>{dataset.name}</span>
        <span className={classes.facts}>
          {t('images', { count: dataset.image_count, n: count(dataset.image_count) })} ·{' '}
          {t('boxes', { count: dataset.annotation_count, n: count(dataset.annotation_count) })} ·{' '}
          {t('revision', { n: dataset.head_revision })}
        </span>
      </Link>
      {manages && <DatasetMenu dataset={dataset} />}
    </li>
  )
}

function Cover({ pictures }: { pictures: string[] }) {
  const { t } = useTranslation('home')
  return (
    <span className={classes.cover} data-pictures={Math.min(4, pictures.length)}>
      {pictures.length === 0 && <span className={classes.none}>{t('noImages')}</span>}
      {pictures.slice(0, 4).map((source) => (
        <img key={source} src={source} alt="" loading="lazy" />
      ))}
    </span>
  )
}
