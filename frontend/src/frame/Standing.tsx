import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { noteOutage, useOutage } from '../api/outage'
import { tryAgain } from '../api/stream'
import { percent } from '../ui/format'
import { healthQuery } from './health'
import classes from './Standing.module.css'

/** A line above the page where the platform is away, or its disk gets full; the page goes on when that is over. */
export function Standing() {
  const { t } = useTranslation('frame')
  const outage = useOutage()
  const health = useQuery(healthQuery(outage !== null))
  useGoOn(outage !== null && health.isSuccess && health.data.status === 'ok' && !health.isFetching)
  const disk = health.data?.disk
  if (outage)
    return (
      <p className={classes.standing} role="status" data-grave>
        <IconPlugConnectedX size={15} aria-hidden />
        {outage.isOffline ? t('standing.offline') : t('standing.away')}
      </p>
    )
  if (!disk || disk.state === 'ok') return null
  return (
    <p className={classes.standing} role="status" data-grave={disk.state !== 'low' || undefined}>
      <IconAlertTriangle size={15} aria-hidden />
      {t(`standing.${disk.state}`, { free: percent(disk.free) })}
    </p>
  )
}

/** Reads everything anew once the platform answers again, what had failed and the page's own data included. */
function useGoOn(isBack: boolean): void {
  const queries = useQueryClient()
  const router = useRouter()
  useEffect(() => {
    if (!isBack) return
    noteOutage(null)
    tryAgain()
    void queries.invalidateQueries()
    void router.invalidate()
  }, [isBack, queries, router])
}
