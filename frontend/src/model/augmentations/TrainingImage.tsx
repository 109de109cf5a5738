import { useTranslation } from 'react-i18next'
import type { Box, DatasetClass, TrainingPicture } from '../../api/types'
import { BoxedImage, type DrawnBox } from '../../ui/BoxedImage'

const IGNORED = '#9a9a96'

type Props = {
  picture: TrainingPicture
  known: Map<number, DatasetClass>
  n: number
  /** Whether the names of the classes stand at the boxes. */
  named?: boolean
}

/** One training picture with what is on it; hatched, where nothing is learned. */
export function TrainingImage({ picture, known, n, named = false }: Props) {
  const { t } = useTranslation('model')
  const boxes = picture.boxes.map(({ box, class_id, ignored }, place): DrawnBox => {
    const of = class_id === null ? undefined : known.get(class_id)
    return {
      key: place,
      box: box as Box,
      colour: of?.colour ?? IGNORED,
      hatched: ignored,
      label: named ? of?.name : undefined,
    }
  })
  return (
    <BoxedImage
      src={picture.url}
      width={picture.width}
      height={picture.height}
      boxes={boxes}
      alt={t('augmented.alt', { n, boxes: boxes.length })}
      lettering={2.6}
      lazy={false}
    />
  )
}
