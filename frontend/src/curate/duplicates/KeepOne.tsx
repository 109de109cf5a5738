import { Button, Checkbox, Group, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { useSlices } from '../../dataset/queries'
import { useMay } from '../../dataset/useMay'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { freeName } from './names'
import { useDuplicateActions, type WantedGroups } from './queries'

type Props = { dataset: number; wanted: WantedGroups; groups: number[] | null; close: () => void }

/** Keeps one of each: the others become a slice, which can then be removed from the dataset. */
export function KeepOne({ dataset, wanted, groups, close }: Props) {
  const { t } = useTranslation('curate/duplicates')
  const slices = useSlices(dataset).data
  const [name, setName] = useState<string | null>(null)
  const { sliceTheRest } = useDuplicateActions(dataset)
  const shown = name ?? freeName(t('dialog.name'), slices?.map((one) => one.name) ?? [])
  const made = sliceTheRest.data
  if (made) return <Made dataset={dataset} slice={made} close={close} />
  return (
    <FormDialog
      title={t('dialog.heading')}
      verb={t('dialog.verb')}
      ready={shown.trim() !== ''}
      pending={sliceTheRest.isPending}
      problem={sliceTheRest.error}
      send={() => sliceTheRest.mutate({ ...wanted, name: shown.trim(), groups })}
      close={close}
    >
      <p className="hd-dim">{t('dialog.what')}</p>
      <TextInput
        label={t('dialog.nameLabel')}
        value={shown}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}

/** What was made, and what can be done with it. */
function Made({ dataset, slice, close }: { dataset: number; slice: Slice; close: () => void }) {
  const { t } = useTranslation('curate/duplicates')
  const owns = useMay(dataset, 'owner')
  const { remove } = useDuplicateActions(dataset)
  const [sure, setSure] = useState(false)
  const n = { count: slice.image_count, n: count(slice.image_count) }
  const gone = () =>
    remove.mutate(slice.id, {
      onSuccess: (done) => {
        toast(t('dialog.removed', { count: done.images, n: count(done.images) }))
        close()
      },
    })
  return (
    <Modal opened onClose={close} title={t('dialog.made', { name: slice.name })} size={460}>
      <p className="hd-dim">{t('dialog.madeWhat', n)}</p>
      {owns && (
        <Checkbox
          mt={12}
          label={t('dialog.sure', n)}
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
        />
      )}
      {remove.error ? <ProblemNote error={remove.error} /> : null}
      <Group justify="flex-end" mt={18}>
        {owns && (
          <Button color="red" disabled={!sure} loading={remove.isPending} onClick={gone}>
            {t('dialog.remove', n)}
          </Button>
        )}
        <Button
          variant="filled"
          component={PathLink}
          href={`/datasets/${dataset}/slices/${slice.id}`}
          data-autofocus
        >
          {t('dialog.open')}
        </Button>
      </Group>
    </Modal>
  )
}
