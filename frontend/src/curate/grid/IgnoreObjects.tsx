import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDataset } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useRevisionMade } from './useRevisionMade'
import { useTried } from './useTried'

const WAYS = ['region', 'crowd', 'anything', 'no'] as const
type Way = (typeof WAYS)[number]

/** Lets all labels that are selected be ignored, or count again, as one revision. */
export function IgnoreObjects({ list, what, chosen, clear, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const head = useDataset(list.dataset).data?.head_revision
  const { ignore } = useBulk(list.dataset)
  const made = useRevisionMade(list.dataset)
  const [way, setWay] = useState<Way>('region')
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const revision = await ignore.mutateAsync({ chosen: what(), ignore: way, on: head })
      made(revision, t('ignore.done', { count: revision.counts.changed, number: revision.number }))
      clear()
      close()
    })
  return (
    <FormDialog
      title={t('ignore.heading', { count: chosen })}
      verb={t(way === 'no' ? 'ignore.verbNo' : 'ignore.verb')}
      ready
      {...{ pending, problem, send, close }}
    >
      <Select
        label={t('ignore.how')}
        allowDeselect={false}
        data={WAYS.map((value) => ({ value, label: t(`ignore.way.${value}`) }))}
        value={way}
        onChange={(value) => setWay(value as Way)}
        data-autofocus
      />
      <p className="hd-dim">{t('ignore.note')}</p>
    </FormDialog>
  )
}
