import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dataset } from '../api/types'
import { useChangeDataset, useDeleteDataset } from '../dataset/queries'
import { count } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'

type Props = { dataset: Dataset; close: () => void }

export function ChangeDatasetDialog({ dataset, close }: Props) {
  const { t } = useTranslation('home')
  const [name, setName] = useState(dataset.name)
  const [description, setDescription] = useState(dataset.description)
  const change = useChangeDataset(dataset.id)
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

/** A dataset goes with everything made from it, so its name must be typed. */
export function DeleteDatasetDialog({ dataset, close }: Props) {
  const { t } = useTranslation('home')
  const [typed, setTyped] = useState('')
  const remove = useDeleteDataset(dataset.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate(undefined, {
      onSuccess: () => {
        close()
        toast(t('deleted', { name: dataset.name }))
      },
    })
  }
  return (
    <Modal opened onClose={close} title={t('deleteTitle', { name: dataset.name })} size={460}>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <p className="hd-dim">
            {t('deleteWhat', { images: count(dataset.image_count), revisions: count(dataset.head_revision) })}
          </p>
          <TextInput
            label={t('typeName', { name: dataset.name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
          {remove.isError && <ProblemNote error={remove.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            type="submit"
            variant="filled"
            color="red"
            disabled={typed.trim() !== dataset.name}
            loading={remove.isPending}
          >
            {t('delete')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
