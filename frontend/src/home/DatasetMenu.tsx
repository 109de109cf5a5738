import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dataset } from '../api/types'
import { ChangeDatasetDialog, DeleteDatasetDialog } from './DatasetDialogs'
import classes from './DatasetTiles.module.css'

/** What a manager can do with a dataset as a whole. */
export function DatasetMenu({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('home')
  const [dialog, setDialog] = useState<'change' | 'delete' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon className={classes.menu} aria-label={t('more', { name: dataset.name })}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('change')}>{t('ui:rename')}</Menu.Item>
          <Menu.Item color="red" onClick={() => setDialog('delete')}>
            {t('delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'change' && <ChangeDatasetDialog dataset={dataset} close={close} />}
      {dialog === 'delete' && <DeleteDatasetDialog dataset={dataset} close={close} />}
    </>
  )
}
