import { useTranslation } from 'react-i18next'
import { useDataset } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useRevisionMade } from './useRevisionMade'
import { useTried } from './useTried'

/** Deletes the labels that are selected, as one revision. */
export function DeleteObjects({ list, what, chosen, clear, close }: DialogProps) {
  const { t } = useTranslation('curate/grid')
  const head = useDataset(list.dataset).data?.head_revision
  const { deleteObjects } = useBulk(list.dataset)
  const made = useRevisionMade(list.dataset)
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const revision = await deleteObjects.mutateAsync({ chosen: what(), on: head })
      made(revision, t('deleteObjects.done', { count: revision.counts.removed, number: revision.number }))
      clear()
      close()
    })
  return (
    <FormDialog
      title={t('deleteObjects.heading', { count: chosen })}
      verb={t('deleteObjects.verb')}
      ready
      danger
      {...{ pending, problem, send, close }}
    >
      <p className="hd-dim">{t('deleteObjects.note')}</p>
    </FormDialog>
  )
}
