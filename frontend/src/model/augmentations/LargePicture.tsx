import { Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { DatasetClass, TrainingPicture } from '../../api/types'
import { useFocusBack } from '../../ui/useFocusBack'
import { TrainingImage } from './TrainingImage'

type Props = {
  pictures: TrainingPicture[]
  at: number
  known: Map<number, DatasetClass>
  go: (at: number) => void
  close: () => void
}

/** One of the pictures, large and with names; the arrow keys move to the others. */
export function LargePicture({ pictures, at, known, go, close }: Props) {
  const { t } = useTranslation('model')
  useFocusBack(true)
  const step = (by: number) => go((at + by + pictures.length) % pictures.length)
  useHotkeys([
    ['ArrowRight', () => step(1)],
    ['ArrowLeft', () => step(-1)],
  ])
  const picture = pictures[at]
  if (!picture) return null
  return (
    <Modal
      opened
      onClose={close}
      size={720}
      title={t('augmented.nth', {
        n: at + 1,
        of: pictures.length,
        size: `${picture.width} × ${picture.height}`,
      })}
    >
      <TrainingImage picture={picture} known={known} n={at + 1} named />
      <p className="hd-dim">{t('augmented.arrows')}</p>
    </Modal>
  )
}
