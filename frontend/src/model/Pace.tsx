import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RunDetail } from '../api/types'
import { isActive } from '../jobs/queries'
import { duration, number } from '../ui/format'
import { metricsQuery } from './queries'

/** How far a training is, how fast, and how long still. */
export function Pace({ run }: { run: RunDetail }) {
  const { t } = useTranslation('model')
  const active = isActive(run)
  const { data } = useQuery(metricsQuery(run.id, active))
  const last = data?.at(-1)
  const speed = last && last.seconds > 0 ? run.images_per_epoch / last.seconds : null
  const stopped = run.state === 'succeeded' && run.epoch < run.epochs
  const left = active && last ? last.seconds * (run.epochs - run.epoch) : null
  return (
    <span className="hd-num">
      {t(stopped ? 'stoppedAt' : 'epochOf', { n: run.epoch, of: run.epochs })}
      {speed !== null && ` · ${t('speed', { n: number(speed) })}`}
      {(run.devices ?? 1) > 1 && ` · ${t('onDevices', { n: run.devices })}`}
      {left !== null && left > 0 && ` · ${t('epochsLeft', { time: duration(left) })}`}
    </span>
  )
}
