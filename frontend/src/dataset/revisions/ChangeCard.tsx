import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Change, DatasetClass, Shape } from '../../api/types'
import { svgPath } from '../../canvas/shape'
import { BoxedImage, type DrawnBox } from '../../ui/BoxedImage'
import { ClassName } from '../../ui/ClassName'
import classes from './ChangeCard.module.css'
import { boxesOf, cropAround } from './crop'

const ASPECT = 0.75
/** What was stands in white, dashed; what is stands solid in its class's colour. */
const BEFORE = '#ffffff'

type Props = { change: Change; dataset: number; classes: Map<number, DatasetClass> }

/** One changed object, before and after, cut out of its image. */
export function ChangeCard({ change, dataset, classes: known }: Props) {
  const { t } = useTranslation(['dataset/revisions', 'dataset'])
  const { image, before, after } = change
  const word = t(`dataset:change.${change.change}`)
  const caption = (
    <span className={classes.caption}>
      <span className={classes.kind} data-change={change.change}>
        {word}
      </span>
      <span className={classes.names}>
        {before && <ClassName of={known.get(before.class_id)} />}
        {before && after && before.class_id !== after.class_id && (
          <>
            <span aria-hidden>→</span>
            <ClassName of={known.get(after.class_id)} />
          </>
        )}
        {!before && after && <ClassName of={known.get(after.class_id)} />}
      </span>
    </span>
  )
  if (!image) return <div className={classes.card}>{caption}</div>
  return (
    <Link
      to="/datasets/$datasetId/images/$imageId"
      params={{ datasetId: String(dataset), imageId: String(image.id) }}
      search={{}}
      className={classes.card}
      title={image.key}
    >
      <BoxedImage
        src={image.thumb.replace('size=160', 'size=640').replace('size=320', 'size=640')}
        width={image.width}
        height={image.height}
        view={cropAround(boxesOf(change), image.width, image.height, ASPECT)}
        aspect={ASPECT}
        alt={`${word}: ${image.key}`}
        boxes={drawn(change, known)}
      />
      {caption}
    </Link>
  )
}

function drawn({ change, before, after }: Change, known: Map<number, DatasetClass>): DrawnBox[] {
  const boxes: DrawnBox[] = []
  const sameBox = change === 'relabelled' || change === 'attributes'
  if (before && !(sameBox && after)) {
    boxes.push({
      key: 'before',
      box: before.box,
      outline: svgPath(before.shape),
      colour: BEFORE,
      line: 'dashed',
      hatched: isIgnored(before),
      label: after ? undefined : known.get(before.class_id)?.name,
    })
  }
  if (after) {
    const of = known.get(after.class_id)
    boxes.push({
      key: 'after',
      box: after.box,
      outline: svgPath(after.shape),
      colour: of?.colour ?? BEFORE,
      hatched: isIgnored(after),
      label: of?.name,
    })
  }
  return boxes
}

const isIgnored = (shape: Shape) => (shape.ignore ?? 'no') !== 'no'
