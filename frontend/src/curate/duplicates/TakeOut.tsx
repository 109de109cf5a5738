import { useTranslation } from 'react-i18next'
import { Confirm } from '../../ui/Confirm'
import { count } from '../../ui/format'
import { toastWithUndo } from '../../ui/undo'
import { useDuplicateActions } from './queries'

type Props = {
  dataset: number
  sides: { train: number[]; validation: number }
  images: number
  close: () => void
}

/** Takes the copies out of the training slices; can be taken back. */
export function TakeOut({ dataset, sides, images, close }: Props) {
  const { t } = useTranslation('curate/duplicates')
  const { takeOut, putBack } = useDuplicateActions(dataset)
  const n = { count: images, n: count(images) }
  const confirm = () =>
    takeOut.mutate(sides, {
      onSuccess: ({ changed }) => {
        const undo = () =>
          Promise.all(changed.map(({ slice, images }) => putBack.mutateAsync({ slice: slice.id, images })))
        toastWithUndo(t('leaks.tookOut', n), t('undo'), undo)
        close()
      },
    })
  return (
    <Confirm
      opened
      title={t('leaks.takeOut', n)}
      verb={t('leaks.takeOutVerb')}
      pending={takeOut.isPending}
      error={takeOut.error}
      {...{ confirm, close }}
    >
      {t('leaks.takeOutWhat')}
    </Confirm>
  )
}
