import { NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { useSlices } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { percent } from '../../ui/format'
import { toast } from '../../ui/toast'
import { useMixInGold } from './queries'

const STARTS = ['auto', 'planted', 'empty', 'as_is'] as const
type Start = (typeof STARTS)[number]

/** Chooses where right labels come from, how many tasks shall test people, and what these show. */
export function GoldDialog({ batch, close }: { batch: Batch; close: () => void }) {
  const { t } = useTranslation('label/quality')
  const slices = useSlices(batch.dataset).data ?? []
  const mix = useMixInGold(batch.id)
  const [slice, setSlice] = useState<string | null>(null)
  const [share, setShare] = useState(5)
  const [start, setStart] = useState<Start>('auto')
  const send = () =>
    mix.mutate(
      {
        slice: Number(slice),
        share: share / 100,
        start: start === 'auto' ? null : start,
        seed: Math.floor(Math.random() * 2 ** 31),
      },
      {
        onSuccess: ({ inside, added, share: reached }) => {
          toast(t('gold.mixed', { inside, added, share: percent(reached) }))
          close()
        },
      },
    )
  return (
    <FormDialog
      title={t('gold.mix')}
      verb={t('gold.mix')}
      ready={slice !== null}
      pending={mix.isPending}
      problem={mix.error}
      send={send}
      close={close}
    >
      <Select
        label={t('gold.slice')}
        placeholder={t('gold.slicePlaceholder')}
        data={slices.map((one) => ({ value: String(one.id), label: one.name }))}
        value={slice}
        onChange={setSlice}
        searchable
        data-autofocus
      />
      <NumberInput
        label={t('gold.share')}
        min={1}
        max={50}
        value={share}
        onChange={(value) => setShare(Number(value))}
      />
      <Select
        label={t('gold.start')}
        data={STARTS.map((one) => ({ value: one, label: t(`gold.starts.${one}`) }))}
        value={start}
        allowDeselect={false}
        onChange={(value) => setStart(STARTS.find((one) => one === value) ?? 'auto')}
      />
    </FormDialog>
  )
}
