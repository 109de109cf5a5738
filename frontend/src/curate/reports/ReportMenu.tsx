import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload, IconExternalLink, IconPhotoOff } from '@tabler/icons-react'
import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import { JobProgress } from '../../jobs/JobProgress'
import { useActions } from '../../ui/actions'
import { type Reported, useReport } from './useReport'

const ICON = { size: 15, stroke: 1.6 }

/** An evaluation or a comparison as one HTML file, to read, mail and print. */
export function ReportMenu({ of, id }: { of: Reported; id: number }) {
  const { t, i18n } = useTranslation('curate/reports')
  const { prepare, job, waiting } = useReport(of, id)
  const at = (asked: { pictures?: 0; download?: 1 }) =>
    address(`${of}/${id}/report`, { language: i18n.language === 'ko' ? 'ko' : 'en', ...asked })
  useActions([
    { id: 'openReport', label: t('report.open'), group: t('report.report'), perform: () => openTab(at({})) },
  ])
  return (
    <Menu position="bottom-end" width={280} onOpen={prepare}>
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={14} stroke={1.6} />}>{t('report.report')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Way href={at({})} target="_blank" disabled={waiting} leftSection={<IconExternalLink {...ICON} />}>
          {t('report.open')}
        </Way>
        <Way href={at({ download: 1 })} download disabled={waiting} leftSection={<IconDownload {...ICON} />}>
          {t('report.download')}
        </Way>
        <Way
          href={at({ pictures: 0, download: 1 })}
          download
          disabled={waiting}
          leftSection={<IconPhotoOff {...ICON} />}
        >
          {t('report.withoutPictures')}
        </Way>
        <Menu.Label>{job ? <JobProgress job={job} /> : t('report.hint')}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}

type WayProps = ComponentProps<'a'> & { disabled: boolean; leftSection: ReactNode }

/** A link of the menu; none while the report is being prepared. */
function Way({ disabled, href, ...rest }: WayProps) {
  return (
    <Menu.Item
      component="a"
      href={disabled ? undefined : href}
      disabled={disabled}
      aria-disabled={disabled}
      {...rest}
    />
  )
}

function openTab(href: string) {
  window.open(href, '_blank', 'noopener')
}
