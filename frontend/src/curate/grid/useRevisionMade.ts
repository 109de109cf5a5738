import { useTranslation } from 'react-i18next'
import type { Revision } from '../../api/types'
import { toast } from '../../ui/toast'
import { toastWithUndo } from '../../ui/undo'
import { useBulk } from './bulk'

/** Says that a revision was made, and offers to take it back: by another revision, as long as it is the newest. */
export function useRevisionMade(dataset: number): (made: Revision, message: string) => void {
  const { t } = useTranslation('curate/grid')
  const { revert } = useBulk(dataset)
  return (made, message) =>
    toastWithUndo(message, t('undo'), async () => {
      const back = await revert.mutateAsync(made)
      toast(t('undone', { to: made.number - 1, number: back.number }))
    })
}
