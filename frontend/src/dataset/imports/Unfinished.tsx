import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { bytes, percent } from '../../ui/format'
import { Time } from '../../ui/Time'
import classes from './ImportForm.module.css'
import { unfinishedQuery, useGiveUp } from './queries'
import type { Source } from './source'

/** Uploads that stopped half-way: choosing the same files again goes on with one. */
export function Unfinished({ dataset, source }: { dataset: number; source: Source | null }) {
  const { t } = useTranslation('dataset/imports')
  const { data: uploads = [] } = useQuery(unfinishedQuery(dataset))
  const giveUp = useGiveUp(dataset)
  const begun = uploads.filter(({ offset }) => offset > 0)
  if (begun.length === 0) return null
  return (
    <section className={classes.unfinished}>
      <h3>{t('unfinished')}</h3>
      <p className="hd-dim">{t('unfinishedWhat')}</p>
      <ul>
        {begun.map(({ id, name, offset, size, fingerprint, received_at }) => (
          <li key={id} data-chosen={isSame(source, fingerprint, size) || undefined}>
            <span>
              <strong>{name}</strong>
              <span className="hd-num hd-dim">
                {t('sentOf', { sent: bytes(offset), size: bytes(size) })} ({percent(offset / size)}) ·{' '}
                <Time at={received_at} />
              </span>
              {isSame(source, fingerprint, size) && <span>{t('goesOn')}</span>}
            </span>
            <Button onClick={() => giveUp.mutate(id)} aria-label={t('removeNamed', { name })}>
              {t('remove')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function isSame(source: Source | null, fingerprint: string, size: number): boolean {
  return source !== null && source.fingerprint === fingerprint && source.size === size
}
