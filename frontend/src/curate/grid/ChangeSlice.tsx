import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSlices } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { count } from '../../ui/format'
import { toastWithUndo } from '../../ui/undo'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useTried } from './useTried'

/** Puts the selection into a slice that exists, or takes it out; either can be taken back. */
export function ChangeSlice({ remove, list, what, close }: DialogProps & { remove: boolean }) {
  const { t } = useTranslation('curate/grid')
  const words = remove ? 'takeFromSlice' : 'addToSlice'
  const slices = useSlices(list.dataset)
  const { changeSlice } = useBulk(list.dataset)
  const [slice, setSlice] = useState<string | null>(null)
  const [problem, pending, run] = useTried()
  const options = (slices.data ?? []).map((one) => ({
    value: String(one.id),
    label: `${one.name} · ${count(one.image_count)}`,
  }))
  const send = () =>
    run(async () => {
      const id = Number(slice)
      const done = await changeSlice.mutateAsync({ chosen: what(), slice: id, remove })
      const undo = () =>
        changeSlice.mutateAsync({ chosen: { ids: done.changed }, slice: id, remove: !remove })
      toastWithUndo(
        t(`${words}.done`, { count: done.changed.length, name: done.slice.name }),
        t('undo'),
        undo,
      )
      close()
    })
  return (
    <FormDialog
      title={t(`${words}.title`)}
      verb={t(`${words}.verb`)}
      ready={slice !== null}
      {...{ pending, problem, send, close }}
    >
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
    </FormDialog>
  )
}
