import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count } from '../../ui/format'
import { PathLink } from '../../ui/PathLink'
import classes from './LeakLine.module.css'
import { type LeakSides, type Leaks, leaksAddress, leaksQuery } from './queries'
import { SearchAtWork, SearchButton } from './SearchAtWork'

type Props = { dataset: number; sides: LeakSides }

/** How many validation images have a copy in training, with the way to the pairs; a quiet line where there are none. */
export function LeakLine({ dataset, sides }: Props) {
  const { t } = useTranslation('dataset/leaks')
  const found = useQuery(leaksQuery(dataset, sides)).data
  if (!found || found.train_images === 0) return null
  const link = <PathLink href={leaksAddress(dataset, sides)}>{t('seePairs')}</PathLink>
  const compare = <Compare dataset={dataset} found={found} />
  if (found.images === 0 && found.sequence_images === 0)
    return (
      <div className="hd-dim">
        {t('none')} {notLooked(found) && t('notLooked', { n: count(found.looked.not_looked_at) })} {link}
        {compare}
      </div>
    )
  return (
    <div className={classes.line} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div>
        {found.images > 0 && t('copies', { count: found.images, n: count(found.images) })}{' '}
        {found.sequence_images > 0 &&
          t('sequences', { count: found.sequence_images, n: count(found.sequence_images) })}{' '}
        {notLooked(found) && t('notLooked', { n: count(found.looked.not_looked_at) })} {link}
        {compare}
      </div>
    </div>
  )
}

/** The way to have the pictures compared that were not yet, or how far that is. */
function Compare({ dataset, found }: { dataset: number; found: Leaks }) {
  const { looked } = found
  if (!looked.job && !notLooked(found)) return null
  return (
    <div style={{ marginTop: 8 }}>
      {looked.job ? (
        <SearchAtWork job={looked.job} dataset={dataset} />
      ) : (
        <SearchButton dataset={dataset} again={looked.search !== null} quiet />
      )}
    </div>
  )
}

const notLooked = (found: Leaks) => found.looked.not_looked_at > 0
