import { useTranslation } from 'react-i18next'
import type { Compared, DatasetClass, SeenObject } from '../../api/types'
import { svgPath } from '../../canvas/shape'
import { BoxedImage, type DrawnBox } from '../../ui/BoxedImage'
import { personName } from '../../ui/format'
import { viewOf } from '../merge/changes'
import classes from './Compare.module.css'
import { boxBy } from './compare'

type Named = ReadonlyMap<number, DatasetClass>
type Props = { of: Compared; object: SeenObject; named: Named }

/** The same part of the image once for everybody who labelled it, with their box of the object, and theirs around it dim. */
export function CopyPictures({ of, object, named }: Props) {
  return (
    <div className={classes.pictures}>
      {of.people.map((person) => (
        <CopyPicture key={person.id} {...{ of, object, named, person }} />
      ))}
    </div>
  )
}

function CopyPicture({ of, object, named, person }: Props & { person: Compared['people'][number] }) {
  const { t } = useTranslation('label/quality')
  const own = boxBy(object, person.id)
  const name = own ? (named.get(own.class_id)?.name ?? '') : t('compare.noBox')
  const shapes = object.boxes.map(({ class_id, box, ignore }) => ({ class_id, box, ignore }))
  return (
    <figure className={classes.picture} data-none={own ? undefined : true}>
      <BoxedImage
        src={of.image.file}
        width={of.image.width}
        height={of.image.height}
        view={viewOf(shapes, of.image)}
        aspect={3 / 4}
        boxes={[...othersBy(of, object, person.id), ...drawn(own, named)]}
        alt={`${personName(person)}: ${name}`}
        lazy={false}
      />
      <figcaption>
        <b>{personName(person)}</b>
        <span>{name}</span>
      </figcaption>
    </figure>
  )
}

function drawn(own: SeenObject['boxes'][number] | undefined, named: Named): DrawnBox[] {
  if (!own) return []
  const look = named.get(own.class_id)
  return [
    {
      key: 'own',
      box: own.box,
      outline: svgPath(own.shape),
      colour: look?.colour ?? '#9a9a96',
      label: look?.name,
      hatched: own.ignore !== 'no',
    },
  ]
}

/** What else the person drew: the ground to judge by. */
function othersBy(of: Compared, object: SeenObject, person: number): DrawnBox[] {
  return of.seen.flatMap((one, place) => {
    const box = one === object ? undefined : boxBy(one, person)
    return box
      ? [
          {
            key: place,
            box: box.box,
            outline: svgPath(box.shape),
            colour: '#9a9a96',
            line: 'dotted' as const,
          },
        ]
      : []
  })
}
