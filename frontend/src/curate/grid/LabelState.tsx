import { useTranslation } from 'react-i18next'
import { useDataset } from '../../dataset/queries'
import { FormDialog } from '../../ui/FormDialog'
import { useBulk } from './bulk'
import type { DialogProps } from './dialogProps'
import { useRevisionMade } from './useRevisionMade'
import { useTried } from './useTried'

type Props = DialogProps & { state: 'negative' | 'not_labelled' }

/** Says of the selected images without a box that there is nothing on them, or that they are not labelled. */
export function LabelState({ state, list, what, chosen, clear, close }: Props) {
  const { t } = useTranslation('curate/grid')
  const head = useDataset(list.dataset).data?.head_revision
  const { labelState } = useBulk(list.dataset)
  const made = useRevisionMade(list.dataset)
  const [problem, pending, run] = useTried()
  const send = () =>
    run(async () => {
      const { revision, images } = await labelState.mutateAsync({ chosen: what(), state, on: head })
      made(revision, t(`state.done.${state}`, { count: images, number: revision.number }))
      clear()
      close()
    })
  return (
    <FormDialog
      title={t(`state.heading.${state}`, { count: chosen })}
      verb={t(`state.verb.${state}`)}
      ready
      {...{ pending, problem, send, close }}
    >
      <p className="hd-dim">{t(`state.note.${state}`)}</p>
    </FormDialog>
  )
}
