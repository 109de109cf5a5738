import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Member, Project } from '../api/types'
import { Confirm } from '../ui/Confirm'
import { personName } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { type Column, Table } from '../ui/Table'
import { toastProblem } from '../ui/toast'
import { InvitationsPart } from './InvitationsPart'
import { membersQuery, useChangeMember, useRemoveMember } from './members'
import { RoleSelect } from './RoleSelect'
import { atLeast } from './roles'

export function MembersPart({ project }: { project: Project }) {
  const { t } = useTranslation('accounts')
  const members = useQuery(membersQuery(project.id))
  const change = useChangeMember(project.id)
  const remove = useRemoveMember(project.id)
  const [leaving, setLeaving] = useState<Member | null>(null)
  const owns = atLeast(project.role, 'owner')
  const columns: Column<Member>[] = [
    { key: 'name', head: t('name'), cell: (member) => personName(member.user) },
    { key: 'email', head: t('email'), cell: (member) => <span className="hd-dim">{member.user.email}</span> },
    {
      key: 'role',
      head: t('members.role'),
      width: 200,
      cell: (member) =>
        owns ? (
          <RoleSelect
            label={`${t('members.role')}: ${personName(member.user)}`}
            value={member.role}
            onChange={(role) => change.mutate({ id: member.id, role }, { onError: toastProblem })}
          />
        ) : (
          t(`role.${member.role}`)
        ),
    },
    {
      key: 'remove',
      head: '',
      width: 100,
      cell: (member) =>
        owns && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setLeaving(member)}>
            {t('members.remove')}
          </Button>
        ),
    },
  ]
  const who = leaving ? personName(leaving.user) : ''
  return (
    <>
      <Section title={t('members.title', { project: project.name })} note={t('members.note')}>
        {members.error ? (
          <ProblemNote error={members.error} retry={() => void members.refetch()} />
        ) : (
          <Table
            label={t('settings.members')}
            columns={columns}
            rows={members.data}
            rowKey={(member) => member.id}
          />
        )}
        {!owns && <p className="hd-dim">{t('members.onlyOwners')}</p>}
        <Confirm
          opened={!!leaving}
          close={() => setLeaving(null)}
          title={t('members.removeTitle', { name: who, project: project.name })}
          verb={t('members.remove')}
          danger
          pending={remove.isPending}
          error={remove.error}
          confirm={() => leaving && remove.mutate(leaving.id, { onSuccess: () => setLeaving(null) })}
        >
          {t('members.removeWhat')}
        </Confirm>
      </Section>
      {owns && <InvitationsPart project={project} />}
    </>
  )
}
