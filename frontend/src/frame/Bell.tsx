import { ActionIcon, Tooltip } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { unreadQuery } from '../notices/queries'
import classes from './Bell.module.css'

const MOST = 99

/** The way to my notices, with how many are unread. */
export function Bell() {
  const { t } = useTranslation('notices')
  const unread = useQuery(unreadQuery).data ?? 0
  const label = unread > 0 ? t('bell', { count: unread }) : t('bellNone')
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={28}
        aria-label={label}
        className={classes.bell}
        renderRoot={(props) => <Link to="/notices" {...props} />}
      >
        <IconBell size={17} stroke={1.6} />
        {unread > 0 && <span className={classes.count}>{unread > MOST ? `${MOST}+` : unread}</span>}
      </ActionIcon>
    </Tooltip>
  )
}
