import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload, IconExternalLink, IconPhotoOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import { useActions } from '../../ui/actions'

type Props = { of: 'evaluations' | 'comparisons'; id: number }

/** An evaluation or a comparison as one HTML file, to read, mail and print. */
export function ReportMenu({ of, id }: Props) {
  const { t, i18n } = useTranslation('curate/diagnosis')
  const at = (asked: { pictures?: 0; download?: 1 }) =>
    address(`${of}/${id}/report`, { language: i18n.language, ...asked })
  useActions([
    { id: 'openReport', label: t('report.open'), group: t('report.report'), perform: () => openTab(at({})) },
  ])
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} stroke={1.6} />}>{t('report.report')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component="a"
          href={at({})}
          target="_blank"
          leftSection={<IconExternalLink size={15} stroke={1.6} />}
        >
          {t('report.open')}
        </Menu.Item>
        <Menu.Item
          component="a"
          href={at({ download: 1 })}
          download
          leftSection={<IconDownload size={15} stroke={1.6} />}
        >
          {t('report.download')}
        </Menu.Item>
        <Menu.Item
          component="a"
          href={at({ pictures: 0, download: 1 })}
          download
          leftSection={<IconPhotoOff size={15} stroke={1.6} />}
        >
          {t('report.withoutPictures')}
        </Menu.Item>
        <Menu.Label>{t('report.hint')}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}

function openTab(href: string) {
  window.open(href, '_blank', 'noopener')
}
