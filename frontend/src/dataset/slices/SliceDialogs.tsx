import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Confirm } from '../../ui/Confirm'
import { RenameDialog } from '../../ui/RenameDialog'
import { useChangeSlice, useDeleteSlice } from './queries'

export function ChangeSliceDialog({ slice, close }: { slice: Slice; close: () => void }) {
  const change = useChangeSlice(slice.dataset, slice.id)
  return (
    <RenameDialog
      was={slice}
      pending={change.isPending}
      problem={change.error}
      save={(named) => change.mutate(named, { onSuccess: close })}
      close={close}
    />
  )
}

export function DeleteSliceDialog({
  slice,
  opened,
  close,
}: {
  slice: Slice
  opened: boolean
  close: () => void
}) {
  const { t } = useTranslation('dataset/slices')
  const remove = useDeleteSlice(slice.dataset, slice.id)
  const navigate = useNavigate()
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () =>
        void navigate({ to: '/datasets/$datasetId/slices', params: { datasetId: String(slice.dataset) } }),
    })
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t('deleteTitle', { name: slice.name })}
      verb={t('delete')}
      danger
      pending={remove.isPending}
      error={remove.error}
      confirm={confirm}
    >
      {t('deleteWhat')}
    </Confirm>
  )
}
