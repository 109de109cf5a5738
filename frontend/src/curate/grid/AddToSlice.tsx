import { Button, Group, Modal, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSlices } from '../../dataset/queries'
import { count } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { type ImageList, useAddToSlice } from './queries'

type Props = { list: ImageList; chosen: number; ids: () => Promise<number[]>; close: () => void }

/** Puts the selection into a slice that exists. */
export function AddToSlice({ list, chosen, ids, close }: Props) {
  const { t } = useTranslation('curate/grid')
  const slices = useSlices(list.dataset)
  const add = useAddToSlice(list.dataset)
  const [slice, setSlice] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const options = (slices.data ?? []).map((one) => ({
    value: String(one.id),
    label: `${one.name} · ${count(one.image_count)}`,
  }))
  const send = async () => {
    setProblem(null)
    try {
      await add.mutateAsync({ slice: Number(slice), images: await ids() })
      const name = slices.data?.find((one) => one.id === Number(slice))?.name
      toast(t('addToSlice.done', { count: chosen, name }))
      close()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={close} title={t('addToSlice.heading', { count: chosen })} size={420}>
      {slices.data?.length === 0 ? (
        <p className="hd-dim">{t('addToSlice.none')}</p>
      ) : (
        <Select
          label={t('addToSlice.slice')}
          searchable
          data={options}
          value={slice}
          onChange={setSlice}
          data-autofocus
        />
      )}
      {problem ? (
        <div style={{ marginTop: 12 }}>
          <ProblemNote error={problem} />
        </div>
      ) : null}
      <Group justify="flex-end" mt={18}>
        <Button onClick={close}>{t('ui:cancel')}</Button>
        <Button variant="filled" disabled={!slice} loading={add.isPending} onClick={() => void send()}>
          {t('addToSlice.button', { count: chosen })}
        </Button>
      </Group>
    </Modal>
  )
}
