import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Project, Token, TokenRole } from '../api/types'
import { Confirm } from '../ui/Confirm'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { type Column, Table } from '../ui/Table'
import { Day, Time } from '../ui/Time'
import { tokensQuery, useCreateToken, useDeleteToken } from './members'
import { Once } from './Once'
import { rolesFor } from './roles'
import classes from './SettingsPage.module.css'

export function TokensPart({ projects }: { projects: Project[] }) {
  const { t } = useTranslation('accounts')
  const tokens = useQuery(tokensQuery)
  const [leaving, setLeaving] = useState<Token | null>(null)
  const remove = useDeleteToken()
  const columns: Column<Token>[] = [
    { key: 'name', head: t('name'), cell: (token) => token.name },
    {
      key: 'project',
      head: t('tokens.project'),
      cell: (token) =>
        token.project === null
          ? t('tokens.everywhere')
          : (projects.find(({ id }) => id === token.project)?.name ?? '–'),
    },
    {
      key: 'role',
      head: t('tokens.role'),
      width: 120,
      cell: (token) => t(token.role ? `role.${token.role}` : 'tokens.asYou'),
    },
    { key: 'at', head: t('tokens.created'), width: 120, cell: (token) => <Time at={token.created_at} /> },
    { key: 'used', head: t('tokens.used'), width: 120, cell: (token) => <LastUse at={token.last_used_at} /> },
    { key: 'ends', head: t('tokens.ends'), width: 130, cell: (token) => <End at={token.expires_at} /> },
    {
      key: 'delete',
      head: '',
      width: 90,
      cell: (token) => (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setLeaving(token)}>
          {t('tokens.delete')}
        </Button>
      ),
    },
  ]
  return (
    <Section title={t('tokens.title')} note={t('tokens.note')}>
      {tokens.error ? (
        <ProblemNote error={tokens.error} retry={() => void tokens.refetch()} />
      ) : (
        <Table
          label={t('tokens.title')}
          columns={columns}
          rows={tokens.data}
          rowKey={(token) => token.id}
          empty={t('tokens.none')}
        />
      )}
      <NewTokenForm projects={projects} />
      <Confirm
        opened={!!leaving}
        close={() => setLeaving(null)}
        title={t('tokens.deleteTitle', { name: leaving?.name })}
        verb={t('tokens.delete')}
        danger
        pending={remove.isPending}
        error={remove.error}
        confirm={() => leaving && remove.mutate(leaving.id, { onSuccess: () => setLeaving(null) })}
      >
        {t('tokens.deleteWhat')}
      </Confirm>
    </Section>
  )
}

function LastUse({ at }: { at: string | null }) {
  const { t } = useTranslation('accounts')
  return at ? <Time at={at} /> : <span className="hd-dim">{t('tokens.unused')}</span>
}

function End({ at }: { at: string | null }) {
  const { t } = useTranslation('accounts')
  if (!at) return t('tokens.never')
  if (new Date(at) <= new Date()) return <span className={classes.ended}>{t('tokens.ended')}</span>
  return <Day at={at} />
}

const DAYS = ['30', '90', '365', 'never'] as const

function NewTokenForm({ projects }: { projects: Project[] }) {
  const { t } = useTranslation('accounts')
  const [name, setName] = useState('')
  const [project, setProject] = useState<string | null>(null)
  const [role, setRole] = useState<TokenRole>('viewer')
  const [days, setDays] = useState<string>('90')
  const create = useCreateToken()
  const chosen = projects.find(({ id }) => id === Number(project)) ?? projects[0]
  const allowed = rolesFor(chosen?.role)
  if (!chosen) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({
      name: name.trim(),
      project: chosen.id,
      role: allowed.includes(role) ? role : 'viewer',
      days: days === 'never' ? null : Number(days),
    })
  }
  if (create.data) {
    const done = () => {
      create.reset()
      setName('')
    }
    return (
      <Once
        secret={create.data.token}
        why={t('tokens.once')}
        use={t('tokens.use')}
        done={done}
        doneVerb={t('tokens.done')}
      />
    )
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('name')}
        placeholder={t('tokens.namePlaceholder')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t('tokens.project')}
        data={projects.map((one) => ({ value: String(one.id), label: one.name }))}
        value={String(chosen.id)}
        onChange={setProject}
      />
      <Select
        label={t('tokens.role')}
        data={allowed.map((value) => ({ value, label: t(`role.${value}`) }))}
        value={role}
        onChange={(value) => setRole(value as TokenRole)}
      />
      <Select
        label={t('tokens.ends')}
        data={DAYS.map((value) => ({
          value,
          label: value === 'never' ? t('tokens.never') : t('tokens.inDays', { count: Number(value) }),
        }))}
        value={days}
        allowDeselect={false}
        onChange={(value) => setDays(value ?? '90')}
      />
      <OffButton type="submit" off={!name.trim() && t('ui:off.name')} loading={create.isPending}>
        {t('tokens.new')}
      </OffButton>
      {create.isError && <ProblemNote error={create.error} />}
    </form>
  )
}
