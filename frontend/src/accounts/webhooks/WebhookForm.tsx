import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isProblem } from '../../api/problem'
import type { Webhook, WebhookSecret } from '../../api/types'
import { FormDialog } from '../../ui/FormDialog'
import { useWebhooks } from './queries'

const EVENTS: Webhook['events'] = [
  'batch.created',
  'batch.done',
  'batch.merged',
  'task.state',
  'run.started',
  'run.finished',
  'run.failed',
  'gate.passed',
  'gate.failed',
  'job.failed',
]

type Props = { project: number; hook?: Webhook; made: (secret: WebhookSecret) => void; close: () => void }

/** Where to, and what of. */
export function WebhookForm({ project, hook, made, close }: Props) {
  const { t } = useTranslation('accounts/webhooks')
  const [url, setUrl] = useState(hook?.url ?? '')
  const [events, setEvents] = useState<string[]>(hook?.events ?? ['batch.done', 'run.finished', 'run.failed'])
  const { create, change } = useWebhooks(project)
  const problem = hook ? change.error : create.error
  const atUrl = isProblem(problem) ? problem.errors.url?.join(' ') : undefined
  const send = () => {
    const body = { url: url.trim(), events: events as Webhook['events'] }
    if (hook) change.mutate({ id: hook.id, ...body }, { onSuccess: close })
    else
      create.mutate(body, {
        onSuccess: (secret) => {
          made(secret)
          close()
        },
      })
  }
  return (
    <FormDialog
      title={t(hook ? 'changeTitle' : 'newTitle')}
      verb={t(hook ? 'save' : 'create')}
      ready={url.trim() !== '' && events.length > 0}
      pending={create.isPending || change.isPending}
      problem={atUrl ? undefined : problem}
      send={send}
      close={close}
    >
      <TextInput
        label={t('url')}
        description={t('urlNote')}
        placeholder="https://example.org/halfday"
        value={url}
        error={atUrl}
        onChange={(event) => setUrl(event.currentTarget.value)}
        data-autofocus
      />
      <Checkbox.Group label={t('events')} value={events} onChange={setEvents}>
        {EVENTS.map((event) => (
          <Checkbox key={event} mt={6} value={event} label={t(`event.${event.replace('.', '_')}`)} />
        ))}
      </Checkbox.Group>
    </FormDialog>
  )
}
