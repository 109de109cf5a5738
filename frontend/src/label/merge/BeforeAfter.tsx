import { useTranslation } from 'react-i18next'
import type { DatasetClass, ImageBrief, MergeItem, Shape } from '../../api/types'
import { sameShape, svgPath } from '../../canvas/shape'
import { BoxedImage, type DrawnBox } from '../../ui/BoxedImage'
import { ClassName } from '../../ui/ClassName'
import { viewOf } from './changes'
import classes from './Merge.module.css'

type Named = Map<number, DatasetClass>

/** One change: the same part of the image with the label as it was and as it will be. */
export function BeforeAfter({ change, named }: { change: MergeItem; named: Named }) {
  const { t } = useTranslation('label')
  const { image, before, after } = change
  if (!image) return null
  return (
    <figure className={classes.pair}>
      <ShapePicture image={image} shape={before} beside={after} named={named} label={t('merge.before')} />
      <ShapePicture image={image} shape={after} beside={before} named={named} label={t('merge.after')} />
      <figcaption>
        <span className={classes.changeName}>{t(`change.${change.change}`)}</span>
        <ClassChange before={before} after={after} named={named} />
      </figcaption>
    </figure>
  )
}

function ClassChange({ before, after, named }: { before: Shape | null; after: Shape | null; named: Named }) {
  if (!before || !after || before.class_id === after.class_id) {
    return <ClassName of={named.get((after ?? before)?.class_id ?? -1)} />
  }
  return (
    <span className={classes.classChange}>
      <ClassName of={named.get(before.class_id)} />
      <span aria-hidden>→</span>
      <ClassName of={named.get(after.class_id)} />
    </span>
  )
}

type PictureProps = {
  image: ImageBrief
  shape: Shape | null
  /** Another shape that the picture must have room for, so that both pictures show the same part. */
  beside: Shape | null
  named: Named
  label: string
  /** The outline that stands against this one: dashed, where the two have different ones. */
  against?: Shape | null
}

/** White and dashed below the own one, where one of both is finer than a box and they differ. */
function outlineOf(against: Shape | null | undefined, shape: Shape | null): DrawnBox[] {
  if (!against || !shape || sameShape(against.shape, shape.shape)) return []
  return [
    { key: 'against', box: against.box, outline: svgPath(against.shape), colour: '#ffffff', line: 'dashed' },
  ]
}

/** A part of an image with one label on it, or with a word that there is none. */
export function ShapePicture({ image, shape, beside, named, label, against }: PictureProps) {
  const { t } = useTranslation('label')
  const look = shape && named.get(shape.class_id)
  const hatched = (shape?.ignore ?? 'no') !== 'no'
  const own: DrawnBox[] = shape
    ? [
        {
          key: 'shape',
          box: shape.box,
          outline: svgPath(shape.shape),
          colour: look?.colour ?? '#9a9a96',
          hatched,
        },
      ]
    : []
  const boxes = [...outlineOf(against, shape), ...own]
  const alt = shape ? `${label}: ${look?.name ?? ''}` : `${label}: ${t('merge.noBox')}`
  return (
    <div className={classes.picture}>
      <BoxedImage
        src={image.thumb.replace(/([?&]size=)\d+/, '$1640')}
        width={image.width}
        height={image.height}
        view={viewOf([shape, beside], image)}
        aspect={3 / 4}
        boxes={boxes}
        alt={alt}
      />
      <span className={classes.tag} aria-hidden>
        {label}
      </span>
      {!shape && <span className={classes.noBox}>{t('merge.noBox')}</span>}
    </div>
  )
}
