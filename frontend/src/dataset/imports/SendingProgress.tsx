import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { bytes, duration, percent } from '../../ui/format'
import classes from './ImportForm.module.css'
import { type Sending, stopSending } from './sending'

/** How far an upload is, how fast, and how long still; what happens when the connection is lost. */
export function SendingProgress({ dataset, sending }: { dataset: number; sending: Sending }) {
  const { t } = useTranslation('dataset/imports')
  const { name, sent, size, from, since, state } = sending
  const share = size > 0 ? sent / size : 0
  const rate = (sent - from) / Math.max(0.001, (Date.now() - since) / 1000)
  const steady = state === 'sending' && sent - from > 0 && Date.now() - since > 1500
  return (
    <section className={classes.sending} aria-label={t('uploading', { name })}>
      <header>
        <strong>{name}</strong>
        <span className="hd-num">{percent(share)}</span>
      </header>
      <Progress value={share * 100} aria-label={t('uploading', { name })} />
      <p className="hd-num hd-dim">
        {t('sentOf', { sent: bytes(sent), size: bytes(size) })}
        {steady && rate > 0 && ` · ${bytes(rate)}/s · ${t('left', { time: duration((size - sent) / rate) })}`}
      </p>
      {state === 'waiting' && (
        <p className={classes.waiting} role="status">
          {t('waiting')}
        </p>
      )}
      {state === 'finishing' && <p className="hd-dim">{t('finishing')}</p>}
      <div className={classes.buttons}>
        <Button onClick={() => stopSending(dataset)}>{t('stop')}</Button>
        <span className="hd-dim">{t('stopWhat')}</span>
      </div>
    </section>
  )
}
