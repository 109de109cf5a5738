import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slice } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { MadeDialog } from '../../ui/MadeDialog'
import { type Chosen, useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useTried } from './useTried'

/** Gives the selection a name. Everything that matches is made by the query, the rest by hand, and the slice says which. */
export function MakeSlice({ kind, list, byQuery, what, chosen, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const { makeSlice } = useBulk(list.dataset)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const chosenNow = what()
      const exact = byQuery && kind === 'images' && chosenNow.without?.length === 0
      await makeSlice.mutateAsync({
        chosen: chosenNow,
        name: name.trim(),
        description,
        origin: { kind: originOf(exact, kind === 'objects' && !!list.evaluation), ...asked(chosenNow) },
      })
    })
  if (makeSlice.data) return <Made slice={makeSlice.data} close={close} />
  return (
    <FormDialog
      title={t(kind === 'images' ? 'makeSlice.heading' : 'makeSlice.headingObjects', { count: chosen })}
      verb={t('makeSlice.title')}
      ready={name.trim() !== ''}
      {...{ pending, problem, send, close }}
    >
      <TextInput
        label={t('makeSlice.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={t('makeSlice.description')}
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

/** By a query where exactly it was taken, by a diagnosis where boxes with verdicts were, else by hand. */
const originOf = (exact: boolean, judged: boolean) => (exact ? 'query' : judged ? 'diagnosis' : 'hand')

/** What was asked of images and boxes, as far as anything was. */
const asked = ({ q, evaluation, conditions }: Chosen) => ({
  ...(q ? { q } : {}),
  ...(evaluation ? { evaluation } : {}),
  ...(conditions && Object.keys(conditions).length ? { conditions } : {}),
})

function Made({ slice, close }: { slice: Slice; close: () => void }) {
  const { t } = useTranslation('curate/grid')
  return (
    <MadeDialog
      title={t('makeSlice.made')}
      to={`/datasets/${slice.dataset}/slices/${slice.id}`}
      open={t('makeSlice.open')}
      close={close}
    >
      {t('makeSlice.madeNote', { name: slice.name, count: slice.image_count })}
    </MadeDialog>
  )
}
