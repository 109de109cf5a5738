import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { sliceImagesQuery } from './queries'
import classes from './SlicePage.module.css'

const SHOWN = 24

/** The slice's first images; each opens large. */
export function SlicePictures({ slice }: { slice: Slice }) {
  const { t } = useTranslation('dataset/slices')
  const { data } = useQuery(sliceImagesQuery(slice.dataset, slice.id, SHOWN))
  const blank = Array.from({ length: Math.min(SHOWN, slice.image_count) }, (_, place) => place)
  return (
    <div className={classes.pictures}>
      {data
        ? data.map((image) => (
            <Link
              key={image.id}
              to="/datasets/$datasetId/images/$imageId"
              params={{ datasetId: String(slice.dataset), imageId: String(image.id) }}
              search={{}}
              title={image.key}
            >
              <img src={image.thumb} alt={t('image', { key: image.key })} loading="lazy" />
            </Link>
          ))
        : blank.map((place) => <span key={place} />)}
    </div>
  )
}
