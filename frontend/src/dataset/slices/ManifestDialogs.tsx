import { NumberInput, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FrozenSlice, Slice } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import { useDataset } from '../queries'
import { useCreateSlice, useFreeze } from './queries'

/** Whose labels the slice is frozen with. */
export function FreezeDialog({ slice, close }: { slice: Slice; close: () => void }) {
  const { t } = useTranslation('dataset/slices')
  const [revision, setRevision] = useState<number | undefined>()
  const newest = useDataset(slice.dataset).data?.head_revision
  const freeze = useFreeze(slice.id)
  return (
    <FormDialog
      title={t('freezeTitle', { name: slice.name })}
      verb={t('freeze')}
      pending={freeze.isPending}
      problem={freeze.error}
      send={() => freeze.mutate(revision, { onSuccess: close })}
      close={close}
    >
      <p className="hd-dim">{t('freezeWhat')}</p>
      <NumberInput
        label={t('revision')}
        placeholder={newest === undefined ? '' : t('newest', { n: newest })}
        min={0}
        max={newest}
        allowDecimal={false}
        value={revision ?? ''}
        onChange={(value) => setRevision(typeof value === 'number' ? value : undefined)}
      />
    </FormDialog>
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
  const send = () =>
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
  return (
    <FormDialog
      title={t('restore')}
      verb={t('create')}
      ready={name.trim() !== ''}
      pending={create.isPending}
      problem={create.error}
      {...{ send, close }}
    >
      <p className="hd-dim">
        {t('restoreWhat', { count: manifest.image_count, n: count(manifest.image_count) })}
      </p>
      <TextInput
        label={t('name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}
