import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDataset } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useRevisionMade } from './useRevisionMade'
import { useTried } from './useTried'

/** Gives all that is selected another class, as one revision. */
export function Relabel({ list, what, chosen, clear, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const dataset = useDataset(list.dataset).data
  const { relabel } = useBulk(list.dataset)
  const made = useRevisionMade(list.dataset)
  const [wanted, setWanted] = useState<string | null>(null)
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const revision = await relabel.mutateAsync({
        chosen: what(),
        class_id: Number(wanted),
        on: dataset?.head_revision,
      })
      const name = dataset?.classes.find((one) => one.id === Number(wanted))?.name
      made(revision, t('relabel.done', { count: revision.counts.changed, name, number: revision.number }))
      clear()
      close()
    })
  return (
    <FormDialog
      title={t('relabel.heading', { count: chosen })}
      verb={t('relabel.verb')}
      ready={wanted !== null}
      {...{ pending, problem, send, close }}
    >
      <Select
        label={t('relabel.class')}
        searchable
        data={(dataset?.classes ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={wanted}
        onChange={setWanted}
        data-autofocus
      />
      <p className="hd-dim">{t('relabel.note')}</p>
    </FormDialog>
  )
}
