import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Delivery, Webhook } from '../../api/types'
import { number } from '../../ui/format'
import { ProblemNote } from '../../ui/ProblemNote'
import { Time } from '../../ui/Time'
import { toastProblem } from '../../ui/toast'
import classes from './DeliveriesDialog.module.css'
import { deliveriesQuery, useWebhooks } from './queries'

type Props = { hook: Webhook; project: number; close: () => void }

/** What was sent to a webhook, every try with what came back. */
export function DeliveriesDialog({ hook, project, close }: Props) {
  const { t } = useTranslation('accounts/webhooks')
  const deliveries = useQuery(deliveriesQuery(hook.id))
  const { ping, resend } = useWebhooks(project)
  const send = (id: number) => resend.mutate(id, { onError: toastProblem })
  return (
    <Modal opened onClose={close} size={820} title={t('logTitle')}>
      <div className={classes.head}>
        <code>{hook.url}</code>
        <Button
          size="compact-xs"
          loading={ping.isPending}
          onClick={() => ping.mutate(hook.id, { onError: toastProblem })}
        >
          {t('ping')}
        </Button>
      </div>
      {deliveries.error && <ProblemNote error={deliveries.error} retry={deliveries.refetch} />}
      {deliveries.data?.length === 0 && <p className="hd-dim">{t('logNone')}</p>}
      <ul className={classes.list}>
        {deliveries.data?.map((one) => (
          <li key={one.id}>
            <OneDelivery delivery={one} resend={() => send(one.id)} />
          </li>
        ))}
      </ul>
    </Modal>
  )
}

function OneDelivery({ delivery, resend }: { delivery: Delivery; resend: () => void }) {
  const { t } = useTranslation('accounts/webhooks')
  const last = delivery.tries.at(-1)
  return (
    <details>
      <summary>
        <span className={classes.state} data-state={delivery.state}>
          {t(`state.${delivery.state}`)}
        </span>
        <code>{delivery.event}</code>
        <span className="hd-num hd-dim">
          {last && (last.status === null ? t('noAnswer') : `HTTP ${last.status}`)}
        </span>
        <span className="hd-num hd-dim">{last && t('ms', { number: number(last.milliseconds) })}</span>
        <span className="hd-dim">
          <Time at={delivery.created_at} />
        </span>
      </summary>
      <div className={classes.inside}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('tryAt')}</th>
              <th scope="col">{t('status')}</th>
              <th scope="col">ms</th>
              <th scope="col">{t('answer')}</th>
            </tr>
          </thead>
          <tbody>
            {delivery.tries.map((one) => (
              <tr key={one.at}>
                <td>
                  <Time at={one.at} />
                </td>
                <td className="hd-num">{one.status ?? '–'}</td>
                <td className="hd-num">{number(one.milliseconds)}</td>
                <td className={classes.answer}>{one.error || one.answer}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <pre>{delivery.body}</pre>
        <Button size="compact-xs" onClick={resend}>
          {t('resend')}
        </Button>
      </div>
    </details>
  )
}
