import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Invitation, Project, Role } from '../api/types'
import { personName } from '../ui/format'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { type Column, Table } from '../ui/Table'
import { Day } from '../ui/Time'
import { toastProblem } from '../ui/toast'
import { invitationsQuery, useInvite, useWithdraw } from './members'
import { Once } from './Once'
import { RoleSelect } from './RoleSelect'
import classes from './SettingsPage.module.css'

/** Who was invited and has not come yet; and the form to invite. For owners. */
export function InvitationsPart({ project }: { project: Project }) {
  const { t } = useTranslation('accounts')
  const invitations = useQuery(invitationsQuery(project.id))
  const withdraw = useWithdraw(project.id)
  const columns: Column<Invitation>[] = [
    { key: 'email', head: t('email'), cell: (one) => one.email },
    { key: 'by', head: t('invitations.by'), cell: (one) => personName(one.invited_by) },
    { key: 'role', head: t('members.role'), width: 120, cell: (one) => t(`role.${one.role}`) },
    { key: 'until', head: t('invitations.until'), width: 130, cell: (one) => <Day at={one.expires_at} /> },
    {
      key: 'withdraw',
      head: '',
      width: 100,
      cell: (one) => (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={t('invitations.withdrawWhose', { email: one.email })}
          onClick={() => withdraw.mutate(one.id, { onError: toastProblem })}
        >
          {t('invitations.withdraw')}
        </Button>
      ),
    },
  ]
  return (
    <Section title={t('invitations.title')} note={t('invitations.note')}>
      {invitations.error ? (
        <ProblemNote error={invitations.error} retry={() => void invitations.refetch()} />
      ) : (
        <Table
          label={t('invitations.title')}
          columns={columns}
          rows={invitations.data}
          rowKey={(one) => one.id}
          empty={t('invitations.none')}
        />
      )}
      <Invite project={project} />
    </Section>
  )
}

function Invite({ project }: { project: Project }) {
  const { t } = useTranslation('accounts')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('labeller')
  const invite = useInvite(project.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate({ email: email.trim(), role }, { onSuccess: () => setEmail('') })
  }
  if (invite.data?.link) {
    const why = t('invitations.link', { email: invite.data.email })
    const done = () => invite.reset()
    return (
      <Once
        secret={invite.data.link}
        why={why}
        use={t('invitations.use')}
        done={done}
        doneVerb={t('members.done')}
      />
    )
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('email')}
        type="email"
        value={email}
        style={{ width: 240 }}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <RoleSelect label={t('members.role')} value={role} onChange={setRole} />
      <OffButton type="submit" off={!email.trim() && t('ui:off.email')} loading={invite.isPending}>
        {t('invitations.invite')}
      </OffButton>
      {invite.data && (
        <p className="hd-dim" role="status">
          {t('invitations.mailed', { email: invite.data.email })}
        </p>
      )}
      {invite.isError && <ProblemNote error={invite.error} />}
    </form>
  )
}
