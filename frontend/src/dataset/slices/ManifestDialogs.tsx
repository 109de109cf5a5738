import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FrozenSlice, Slice } from '../../api/types'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { useDataset } from '../queries'
import { useCreateSlice, useFreeze } from './queries'

/** Whose labels the slice is frozen with. */
export function FreezeDialog({ slice, close }: { slice: Slice; close: () => void }) {
  const { t } = useTranslation('dataset/slices')
  const [revision, setRevision] = useState<number | undefined>()
  const newest = useDataset(slice.dataset).data?.head_revision
  const freeze = useFreeze(slice.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    freeze.mutate(revision, { onSuccess: close })
  }
  return (
    <Modal opened onClose={close} title={t('freezeTitle', { name: slice.name })} size={420}>
      <form onSubmit={submit}>
        <p className="hd-dim">{t('freezeWhat')}</p>
        <Stack gap={12} mt={14}>
          <NumberInput
            label={t('revision')}
            placeholder={newest === undefined ? '' : t('newest', { n: newest })}
            min={0}
            max={newest}
            allowDecimal={false}
            value={revision ?? ''}
            onChange={(value) => setRevision(typeof value === 'number' ? value : undefined)}
          />
          {freeze.isError && <ProblemNote error={freeze.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" loading={freeze.isPending}>
            {t('freeze')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

/** A slice of the images that a manifest froze. */
export function RestoreDialog({
  slice,
  frozen,
  close,
}: {
  slice: Slice
  frozen: FrozenSlice
  close: () => void
}) {
  const { t } = useTranslation('dataset/slices')
  const { manifest } = frozen
  const [name, setName] = useState(`${slice.name} ${manifest.content_hash.slice(0, 6)}`)
  const create = useCreateSlice(slice.dataset)
  const navigate = useNavigate()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { name: name.trim(), manifest: manifest.id },
      {
        onSuccess: (made) => {
          close()
          void navigate({
            to: '/datasets/$datasetId/slices/$sliceId',
            params: { datasetId: String(slice.dataset), sliceId: String(made.id) },
          })
        },
      },
    )
  }
  return (
    <Modal opened onClose={close} title={t('restore')} size={420}>
      <form onSubmit={submit}>
        <p className="hd-dim">
          {t('restoreWhat', { count: manifest.image_count, n: count(manifest.image_count) })}
        </p>
        <Stack gap={12} mt={14}>
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {create.isError && <ProblemNote error={create.error} />}
        </Stack>
        <Group justify="flex-end" mt={18}>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="submit" variant="filled" disabled={!name.trim()} loading={create.isPending}>
            {t('create')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
