import { Button, Menu, Switch } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Project, Webhook, WebhookSecret } from '../../api/types'
import { Confirm } from '../../ui/Confirm'
import { ProblemNote } from '../../ui/ProblemNote'
import { Section } from '../../ui/Section'
import { type Column, Table } from '../../ui/Table'
import { Day, Time } from '../../ui/Time'
import { toast, toastProblem } from '../../ui/toast'
import { Once } from '../Once'
import { atLeast } from '../roles'
import { DeliveriesDialog } from './DeliveriesDialog'
import { useWebhooks, webhooksQuery } from './queries'
import { WebhookForm } from './WebhookForm'

type Open = { what: 'new' } | { what: 'change' | 'log' | 'delete' | 'rotate'; hook: Webhook } | null

/** Which other programs are told of the project's events; its managers see and change them. */
export function WebhooksPart({ project }: { project: Project }) {
  const { t } = useTranslation('accounts/webhooks')
  const manages = atLeast(project.role, 'manager')
  const hooks = useQuery({ ...webhooksQuery(project.id), enabled: manages })
  const does = useWebhooks(project.id)
  const [open, setOpen] = useState<Open>(null)
  const [made, setMade] = useState<WebhookSecret | null>(null)
  const close = () => setOpen(null)
  const ping = (hook: Webhook) =>
    does.ping.mutate(hook.id, {
      onSuccess: () => setOpen({ what: 'log', hook }),
      onError: toastProblem,
    })
  const columns = useColumns({
    log: (hook) => setOpen({ what: 'log', hook }),
    change: (hook) => setOpen({ what: 'change', hook }),
    rotate: (hook) => setOpen({ what: 'rotate', hook }),
    remove: (hook) => setOpen({ what: 'delete', hook }),
    ping,
    turn: (hook, active) => does.change.mutate({ id: hook.id, active }, { onError: toastProblem }),
  })
  if (!manages) {
    return (
      <Section title={t('title', { project: project.name })}>
        <p className="hd-dim">{t('onlyManagers')}</p>
      </Section>
    )
  }
  return (
    <Section
      title={t('title', { project: project.name })}
      note={t('note')}
      actions={<Button onClick={() => setOpen({ what: 'new' })}>{t('new')}</Button>}
    >
      {hooks.error ? (
        <ProblemNote error={hooks.error} retry={() => void hooks.refetch()} />
      ) : (
        <Table
          label={t('title', { project: project.name })}
          columns={columns}
          rows={hooks.data}
          rowKey={(hook) => hook.id}
          empty={t('none')}
        />
      )}
      {made && (
        <Once
          secret={made.secret}
          why={t('once')}
          use={t(made.earlier_until ? 'onceBoth' : 'onceUse')}
          done={() => setMade(null)}
          doneVerb={t('onceDone')}
        />
      )}
      {(open?.what === 'new' || open?.what === 'change') && (
        <WebhookForm
          project={project.id}
          hook={open.what === 'change' ? open.hook : undefined}
          made={setMade}
          close={close}
        />
      )}
      {open?.what === 'log' && <DeliveriesDialog hook={open.hook} project={project.id} close={close} />}
      <Confirm
        opened={open?.what === 'rotate'}
        close={close}
        title={t('rotateTitle')}
        verb={t('rotate')}
        pending={does.rotate.isPending}
        error={does.rotate.error}
        confirm={() => {
          if (open?.what !== 'rotate') return
          does.rotate.mutate(open.hook.id, {
            onSuccess: (secret) => {
              setMade(secret)
              close()
            },
          })
        }}
      >
        {t('rotateWhat')}
      </Confirm>
      <Confirm
        opened={open?.what === 'delete'}
        close={close}
        title={t('deleteTitle', { url: open?.what === 'delete' ? open.hook.url : '' })}
        verb={t('delete')}
        danger
        pending={does.remove.isPending}
        error={does.remove.error}
        confirm={() => {
          if (open?.what !== 'delete') return
          does.remove.mutate(open.hook.id, {
            onSuccess: () => {
              toast(t('deleted'))
              close()
            },
          })
        }}
      >
        {t('deleteWhat')}
      </Confirm>
    </Section>
  )
}

type Doing = Record<'log' | 'change' | 'rotate' | 'remove' | 'ping', (hook: Webhook) => void> & {
  turn: (hook: Webhook, active: boolean) => void
}

function useColumns(does: Doing): Column<Webhook>[] {
  const { t } = useTranslation('accounts/webhooks')
  return [
    { key: 'url', head: t('url'), cell: (hook) => <code>{hook.url}</code> },
    { key: 'events', head: t('events'), cell: (hook) => hook.events.join(', ') },
    {
      key: 'active',
      head: t('active'),
      width: 90,
      cell: (hook) => (
        <Switch
          aria-label={t('activeOf', { url: hook.url })}
          checked={hook.active}
          onChange={(event) => does.turn(hook, event.currentTarget.checked)}
        />
      ),
    },
    { key: 'at', head: t('created'), width: 110, cell: (hook) => <Time at={hook.created_at} /> },
    {
      key: 'both',
      head: t('both'),
      width: 130,
      cell: (hook) =>
        hook.earlier_until && new Date(hook.earlier_until) > new Date() ? (
          <Day at={hook.earlier_until} />
        ) : (
          <span className="hd-dim">–</span>
        ),
    },
    {
      key: 'does',
      head: '',
      width: 150,
      cell: (hook) => (
        <span style={{ display: 'inline-flex', gap: 4 }}>
          <Button size="compact-xs" onClick={() => does.log(hook)}>
            {t('log')}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-xs" px={6} aria-label={t('more', { url: hook.url })}>
                <IconDots size={14} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => does.ping(hook)}>{t('ping')}</Menu.Item>
              <Menu.Item onClick={() => does.change(hook)}>{t('change')}</Menu.Item>
              <Menu.Item onClick={() => does.rotate(hook)}>{t('rotate')}</Menu.Item>
              <Menu.Item color="red" onClick={() => does.remove(hook)}>
                {t('delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      ),
    },
  ]
}
