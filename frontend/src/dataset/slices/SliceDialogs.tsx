import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { Confirm } from '../../ui/Confirm'
import { ProblemNote } from '../../ui/ProblemNote'
import { useChangeSlice, useDeleteSlice } from './queries'

export function ChangeSliceDialog({ slice, close }: { slice: Slice; close: () => void }) {
  const { t } = useTranslation('dataset/slices')
  const [name, setName] = useState(slice.name)
  const [description, setDescription] = useState(slice.description)
  const change = useChangeSlice(slice.dataset, slice.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ name: name.trim(), description: description.trim() }, { onSuccess: close })
  }
  return (
    <Modal opened onClose={close} title={t('change')} size={440}>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Textarea
            label={t('description')}
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {change.isError && <ProblemNote error={change.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!name.trim()} loading={change.isPending}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
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
