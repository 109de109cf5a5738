import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/FormDialog'
import { toastWithUndo } from '../../ui/undo'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useTried } from './useTried'

/** Gives the selection a sequence, or none: a split keeps a sequence on one side. Can be taken back. */
export function SetSequence({ list, what, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const { sequence } = useBulk(list.dataset)
  const [name, setName] = useState('')
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const done = await sequence.mutateAsync({ chosen: what(), sequence: name.trim() })
      const undo = () =>
        Promise.all(
          done.before.map((one) =>
            sequence.mutateAsync({ chosen: { ids: one.images }, sequence: one.sequence }),
          ),
        )
      toastWithUndo(t('sequence.done', { count: done.changed }), t('undo'), undo)
      close()
    })
  return (
    <FormDialog
      title={t('sequence.title')}
      verb={t(name.trim() ? 'sequence.set' : 'sequence.clear')}
      ready
      {...{ pending, problem, send, close }}
    >
      <TextInput
        label={t('sequence.name')}
        description={t('sequence.what')}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  )
}
