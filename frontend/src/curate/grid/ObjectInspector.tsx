import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, ObjectRow } from '../../api/types'
import { jsonFacts } from '../../dataset/query/jsonFacts'
import { ClassName } from '../../ui/ClassName'
import { LETTER } from '../../ui/colours'
import { Facts } from '../../ui/Facts'
import { count, number } from '../../ui/format'
import { Inspector } from './Inspector'
import classes from './Inspector.module.css'
import type { ObjectList } from './objects'

type Props = {
  /** The one object that is selected. */
  object: ObjectRow | undefined
  chosen: number
  list: ObjectList
  named: ReadonlyMap<number, DatasetClass>
}

/** What is known of the selected object. */
export function ObjectInspector({ object, chosen, list, named }: Props) {
  const { t } = useTranslation('curate/grid')
  const none =
    chosen > 1 ? t('inspectManyObjects', { count: chosen, n: count(chosen) }) : t('inspectNoObject')
  return <Inspector none={none}>{object && <One object={object} list={list} named={named} />}</Inspector>
}

function One({ object, list, named }: { object: ObjectRow } & Pick<Props, 'list' | 'named'>) {
  const { t } = useTranslation('curate/grid')
  const [x1, y1, x2, y2] = object.box
  const { image, verdict, error, iou, score } = object
  const predicted = object.boxes.find(({ kind }) => kind === 'pred')
  const facts = {
    [t('fact.verdict')]: verdict && `${LETTER[verdict]} ${t(`verdict.${verdict}`)}`,
    [t('fact.error')]: error && t(`error.${error}`),
    [t('fact.predicted')]: predicted && <ClassName of={named.get(predicted.class_id)} />,
    [t('fact.score')]: score !== undefined && number(score),
    [t('fact.iou')]: iou !== undefined && number(iou),
    [t('fact.size')]: `${number(x2 - x1, 4)} × ${number(y2 - y1, 4)}`,
    [t('fact.area')]: t('area', {
      n: number((x2 - x1) * (y2 - y1), 4),
      size: t(`sizeName.${sizeOf(object)}`),
    }),
    [t('fact.corner')]: `${number(x1, 4)}, ${number(y1, 4)}`,
    [t('provenance')]: object.provenance && t(`provenanceName.${object.provenance}`),
    [t('fact.object')]: object.object_id !== null && String(object.object_id),
    ...jsonFacts(object.attributes, 'attributes'),
  }
  return (
    <div>
      <h2 className={classes.key}>
        <ClassName of={named.get(object.class_id)} />
      </h2>
      <Button
        component={Link}
        to={`/datasets/${list.dataset}/images/${image.id}${list.evaluation === null ? '' : `?evaluation=${list.evaluation}`}`}
        fullWidth
        mb={10}
      >
        {t('openItsImage')}
      </Button>
      <Facts of={facts} />
      <section className={classes.part}>
        <h3>{t('itsImage')}</h3>
        <p className={classes.line}>{image.key}</p>
      </section>
    </div>
  )
}

/** COCO's name for the size of a box. */
export function sizeOf({ box: [x1, y1, x2, y2] }: Pick<ObjectRow, 'box'>): 'small' | 'medium' | 'large' {
  const area = (x2 - x1) * (y2 - y1)
  if (area < 32 ** 2) return 'small'
  return area < 96 ** 2 ? 'medium' : 'large'
}
