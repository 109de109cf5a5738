import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { count, duration, number } from '../../ui/format'
import { restQuery } from './queries'

/** How long the rest of a batch will take its people, with its interval; nothing where nothing is left. */
export function RestOfWork({ batch }: { batch: number }) {
  const { t } = useTranslation('label/quality')
  const { data } = useQuery(restQuery(batch))
  if (!data || data.pieces === 0) return null
  if (data.seconds === null) return <span className="hd-dim">{t('rest.unknown')}</span>
  const how = t('rest.how', {
    count: data.learned_from,
    perTask: t('seconds', { n: number(data.per_task) }),
    perObject: t('seconds', { n: number(data.per_object) }),
    pieces: count(data.pieces),
  })
  return (
    <Tooltip label={how}>
      <span className="hd-num hd-dim">
        {t('rest.some', {
          time: duration(data.seconds),
          low: duration(data.low ?? 0),
          high: duration(data.high ?? 0),
        })}
        <span className="hd-hidden">. {how}</span>
      </span>
    </Tooltip>
  )
}
