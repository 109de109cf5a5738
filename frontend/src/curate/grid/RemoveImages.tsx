import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/FormDialog'
import { toast } from '../../ui/toast'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useTried } from './useTried'

/** Removes images from the dataset for good; asks twice, since there is no way back. */
export function RemoveImages({ list, what, chosen, clear, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const { remove } = useBulk(list.dataset)
  const [sure, setSure] = useState(false)
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const gone = await remove.mutateAsync({ chosen: what() })
      toast(t('removeImages.done', { count: gone.images }))
      clear()
      close()
    })
  return (
    <FormDialog
      title={t('removeImages.heading', { count: chosen })}
      verb={t('removeImages.verb')}
      ready={sure}
      danger
      {...{ pending, problem, send, close }}
    >
      <p className="hd-dim">{t('removeImages.note')}</p>
      <Checkbox
        label={t('removeImages.sure', { count: chosen })}
        checked={sure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}
