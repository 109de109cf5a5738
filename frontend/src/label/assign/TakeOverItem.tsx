import { Menu } from '@mantine/core'
import { IconCheck, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Batch } from '../../api/types'
import { toastProblem } from '../../ui/toast'
import { useChangeBatch } from '../queries'

/** Whether whoever goes on also gets what is somebody else's and not begun. */
export function TakeOverItem({ batch }: { batch: Batch }) {
  const { t } = useTranslation('label/assign')
  const change = useChangeBatch(batch.id)
  return (
    <Menu.Item
      role="menuitemcheckbox"
      aria-checked={batch.take_over}
      leftSection={<IconUsers size={14} />}
      rightSection={batch.take_over && <IconCheck size={14} />}
      onClick={() => change.mutate({ take_over: !batch.take_over }, { onError: toastProblem })}
    >
      {t('takeOver')}
    </Menu.Item>
  )
}
