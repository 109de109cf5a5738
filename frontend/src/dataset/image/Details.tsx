import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ImageDetail } from '../../api/types'
import { Facts } from '../../ui/Facts'
import { dateTime, number } from '../../ui/format'
import { Hash } from '../../ui/Hash'
import { OffButton } from '../../ui/OffButton'
import { jsonFacts } from '../query/jsonFacts'
import { useMay } from '../useMay'
import classes from './ImagePage.module.css'
import { useMeasureImages } from './queries'
import { Tags } from './Tags'

const measured = (value: number | null) => value !== null && number(value)

/** What is known of the image, and the slices that hold it. */
export function Details({ image }: { image: ImageDetail }) {
  const { t } = useTranslation('dataset/image')
  const manages = useMay(image.dataset, 'manager')
  const measure = useMeasureImages(image.dataset)
  const { latitude, longitude } = image
  const place =
    latitude !== null && longitude !== null ? `${number(latitude, 6)}, ${number(longitude, 6)}` : null
  const facts = {
    [t('fact.key')]: <span style={{ overflowWrap: 'anywhere' }}>{image.key}</span>,
    [t('fact.labels')]: t(`labelState.${image.label_state}`),
    [t('fact.size')]: `${image.width} × ${image.height}`,
    [t('fact.brightness')]: measured(image.brightness),
    [t('fact.contrast')]: measured(image.contrast),
    [t('fact.sharpness')]: measured(image.sharpness),
    [t('fact.sequence')]: image.sequence,
    [t('fact.captured')]: image.captured_at && dateTime(image.captured_at),
    [t('fact.place')]: place,
    ...jsonFacts(image.metadata, 'metadata'),
    'SHA-256': <Hash value={image.sha256} />,
  }
  return (
    <>
      <section className={classes.part}>
        <h2>{t('facts')}</h2>
        <Facts of={facts} />
        {image.brightness === null && manages && (
          <p className={classes.unmeasured}>
            {t('unmeasured')}{' '}
            <OffButton
              size="compact-xs"
              loading={measure.isPending}
              off={measure.isSuccess && t('ui:off.asked')}
              onClick={() => measure.mutate()}
            >
              {t(measure.isSuccess ? 'measuring' : 'measure')}
            </OffButton>
          </p>
        )}
      </section>
      <Tags image={image} />
      {image.slices.length > 0 && (
        <section className={classes.part}>
          <h2>{t('slices')}</h2>
          <div className={classes.slices}>
            {image.slices.map(({ id, name }) => (
              <Link
                key={id}
                to="/datasets/$datasetId/slices/$sliceId"
                params={{ datasetId: String(image.dataset), sliceId: String(id) }}
              >
                {name}
              </Link>
            ))}
          </div>
        </section>
      )}
    </>
  )
}
