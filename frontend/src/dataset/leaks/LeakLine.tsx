import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import { type LeakSides, type Leaks, leaksAddress, leaksQuery } from './queries'

type Props = { dataset: number; sides: LeakSides }

/** How many validation images have a copy in training, with the way to the pairs; a quiet line where there are none. */
export function LeakLine({ dataset, sides }: Props) {
  const { t } = useTranslation('dataset/leaks')
  const found = useQuery(leaksQuery(dataset, sides)).data
  if (!found || found.train_images === 0) return null
  const link = <PathLink href={leaksAddress(dataset, sides)}>{t('seePairs')}</PathLink>
  if (found.images === 0 && found.sequence_images === 0)
    return (
      <p className="hd-dim" style={{ margin: 0 }}>
        {t('none')} {notLooked(found) && t('notLooked', { n: count(found.looked.not_looked_at) })} {link}
      </p>
    )
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} p="xs">
      {found.images > 0 && t('copies', { count: found.images, n: count(found.images) })}{' '}
      {found.sequence_images > 0 &&
        t('sequences', { count: found.sequence_images, n: count(found.sequence_images) })}{' '}
      {notLooked(found) && t('notLooked', { n: count(found.looked.not_looked_at) })} {link}
    </Alert>
  )
}

const notLooked = (found: Leaks) => found.looked.not_looked_at > 0
