import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../../ui/Confirm'
import { toast } from '../../ui/toast'
import { useRevert } from './queries'

type Props = { opened: boolean; close: () => void; dataset: number; to: number; head: number }

/** Going back is itself a revision, so nothing is lost by it. */
export function RevertDialog({ opened, close, dataset, to, head }: Props) {
  const { t } = useTranslation('dataset/revisions')
  const revert = useRevert(dataset)
  const navigate = useNavigate()
  const confirm = () =>
    revert.mutate(
      { to },
      {
        onSuccess: (made) => {
          close()
          toast(t('reverted', { n: made.number, to }))
          void navigate({
            to: '/datasets/$datasetId/revisions/$number',
            params: { datasetId: String(dataset), number: String(made.number) },
          })
        },
      },
    )
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t('revertTitle', { n: to })}
      verb={t('revertVerb', { n: to })}
      pending={revert.isPending}
      error={revert.error}
      confirm={confirm}
    >
      {t('revertWhat', { next: head + 1, n: to })}
    </Confirm>
  )
}
