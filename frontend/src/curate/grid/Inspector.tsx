import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, ImageDetail } from '../../api/types'
import { imageQuery, useClasses } from '../../dataset/queries'
import { jsonFacts } from '../../dataset/query/jsonFacts'
import { ClassName } from '../../ui/ClassName'
import { Facts } from '../../ui/Facts'
import { count, dateTime, number } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { TagMarks } from '../../ui/TagMarks'
import classes from './Inspector.module.css'

type Props = Count & {
  /** The one image that is selected, null for none or several. */
  image: number | null
  dataset: number
  evaluation: number | null
}

type Count = { chosen: number }

/** Walking with the arrows fetches only where one rests (milliseconds). */
const REST_MS = 120

/** What is known of the selected image: facts, boxes, slices. Stays open, so that the grid beside it does not jump. */
export function ImageInspector({ image, chosen, dataset, evaluation }: Props) {
  const { t } = useTranslation('curate/grid')
  return (
    <Inspector none={chosen > 1 ? t('inspectMany', { count: chosen, n: count(chosen) }) : t('inspectNone')}>
      {image !== null && <One image={image} dataset={dataset} evaluation={evaluation} />}
    </Inspector>
  )
}

/** The panel at the right. `none` stands in it where there is not one thing to look at. */
export function Inspector({ none, children }: { none: string; children: ReactNode }) {
  const { t } = useTranslation('curate/grid')
  return (
    <aside className={classes.inspector} aria-label={t('panel.inspector')}>
      {children || <p className="hd-dim">{none}</p>}
    </aside>
  )
}

function One({ image, dataset, evaluation }: { image: number } & Pick<Props, 'dataset' | 'evaluation'>) {
  const { t } = useTranslation('curate/grid')
  const id = useRested(image)
  const detail = useQuery({ ...imageQuery(id), placeholderData: (before) => before })
  const named = useClasses(dataset)
  if (detail.error) return <ProblemNote error={detail.error} retry={detail.refetch} />
  if (!detail.data) return <Skeleton height={180} />
  return (
    <div aria-busy={detail.isPlaceholderData}>
      <h2 className={classes.key} title={detail.data.key}>
        {detail.data.key}
      </h2>
      <Button
        component={Link}
        to={`/datasets/${dataset}/images/${image}${evaluation === null ? '' : `?evaluation=${evaluation}`}`}
        fullWidth
        mb={10}
      >
        {t('openImage')}
      </Button>
      <ImageFacts image={detail.data} />
      <Boxes image={detail.data} named={named} />
      <Tags image={detail.data} />
      <Slices image={detail.data} />
    </div>
  )
}

function useRested(image: number): number {
  const [rested, setRested] = useState(image)
  useEffect(() => {
    const timer = setTimeout(() => setRested(image), REST_MS)
    return () => clearTimeout(timer)
  }, [image])
  return rested
}

function ImageFacts({ image }: { image: ImageDetail }) {
  const { t } = useTranslation('curate/grid')
  const { latitude, longitude } = image
  const place =
    latitude !== null && longitude !== null ? `${number(latitude, 6)}, ${number(longitude, 6)}` : null
  const facts = {
    [t('fact.size')]: `${image.width} × ${image.height}`,
    [t('fact.sequence')]: image.sequence,
    [t('fact.captured')]: image.captured_at && dateTime(image.captured_at),
    [t('fact.place')]: place,
    ...jsonFacts(image.metadata, 'metadata'),
  }
  return <Facts of={facts} />
}

function Boxes({ image, named }: { image: ImageDetail; named: Map<number, DatasetClass> }) {
  const { t } = useTranslation('curate/grid')
  const counts = new Map<number, number>()
  for (const { class_id } of image.annotations) counts.set(class_id, (counts.get(class_id) ?? 0) + 1)
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return (
    <section className={classes.part}>
      <h3>{t('boxes', { count: image.annotations.length })}</h3>
      {sorted.map(([id, boxes]) => (
        <p key={id} className={classes.line}>
          <ClassName of={named.get(id)} />
          <span className="hd-num hd-dim">{count(boxes)}</span>
        </p>
      ))}
    </section>
  )
}

function Tags({ image }: { image: ImageDetail }) {
  const { t } = useTranslation('curate/grid')
  if (image.tags.length === 0) return null
  return (
    <section className={classes.part}>
      <h3>{t('tags')}</h3>
      <TagMarks tags={image.tags} />
    </section>
  )
}

function Slices({ image }: { image: ImageDetail }) {
  const { t } = useTranslation('curate/grid')
  if (image.slices.length === 0) return null
  return (
    <section className={classes.part}>
      <h3>{t('inSlices')}</h3>
      {image.slices.map(({ id, name }) => (
        <p key={id} className={classes.line}>
          <Link
            to="/datasets/$datasetId/slices/$sliceId"
            params={{ datasetId: String(image.dataset), sliceId: String(id) }}
          >
            {name}
          </Link>
        </p>
      ))}
    </section>
  )
}
