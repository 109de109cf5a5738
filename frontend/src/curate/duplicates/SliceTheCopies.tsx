import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSlices } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { MadeDialog } from '../../ui/MadeDialog'
import { freeName } from './names'
import { useDuplicateActions } from './queries'

type Props = { dataset: number; sides: { train: number[]; validation: number }; close: () => void }

/** Makes a slice of the training images that have a copy in validation. */
export function SliceTheCopies({ dataset, sides, close }: Props) {
  const { t } = useTranslation('curate/duplicates')
  const slices = useSlices(dataset).data
  const [name, setName] = useState<string | null>(null)
  const { sliceTheCopies } = useDuplicateActions(dataset)
  const shown = name ?? freeName(t('leaks.sliceName'), slices?.map((one) => one.name) ?? [])
  const made = sliceTheCopies.data
  if (made)
    return (
      <MadeDialog
        title={t('leaks.makeSlice')}
        to={`/datasets/${dataset}/slices/${made.id}`}
        open={t('kept.open')}
        close={close}
      >
        {t('leaks.sliceMade', { count: made.image_count, name: made.name })}
      </MadeDialog>
    )
  return (
    <FormDialog
      title={t('leaks.makeSlice')}
      verb={t('leaks.makeSlice')}
      ready={shown.trim() !== ''}
      pending={sliceTheCopies.isPending}
      problem={sliceTheCopies.error}
      send={() => sliceTheCopies.mutate({ ...sides, name: shown.trim() })}
      close={close}
    >
      <TextInput
        label={t('leaks.nameLabel')}
        value={shown}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}
