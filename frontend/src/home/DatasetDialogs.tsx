import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dataset } from '../api/types'
import { useChangeDataset, useDeleteDataset } from '../dataset/queries'
import { FormDialog } from '../ui/FormDialog'
import { count } from '../ui/format'
import { RenameDialog } from '../ui/RenameDialog'
import { toast } from '../ui/toast'

type Props = { dataset: Dataset; close: () => void }

export function ChangeDatasetDialog({ dataset, close }: Props) {
  const change = useChangeDataset(dataset.id)
  return (
    <RenameDialog
      was={dataset}
      pending={change.isPending}
      problem={change.error}
      save={(named) => change.mutate(named, { onSuccess: close })}
      close={close}
    />
  )
}

/** A dataset goes with everything made from it, so its name must be typed. */
export function DeleteDatasetDialog({ dataset, close }: Props) {
  const { t } = useTranslation('home')
  const [typed, setTyped] = useState('')
  const remove = useDeleteDataset(dataset.id)
  const send = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        close()
        toast(t('deleted', { name: dataset.name }))
      },
    })
  return (
    <FormDialog
      title={t('deleteTitle', { name: dataset.name })}
      verb={t('delete')}
      danger
      ready={typed.trim() === dataset.name}
      pending={remove.isPending}
      problem={remove.error}
      {...{ send, close }}
    >
      <p className="hd-dim">
        {t('deleteWhat', { images: count(dataset.image_count), revisions: count(dataset.head_revision) })}
      </p>
      <TextInput
        label={t('typeName', { name: dataset.name })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}
