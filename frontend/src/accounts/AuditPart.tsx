import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AuditLine, Project } from '../api/types'
import { personName } from '../ui/format'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { type Column, Table } from '../ui/Table'
import { Time } from '../ui/Time'
import { auditQuery } from './members'
import classes from './SettingsPage.module.css'

/** Every write in a project, newest first. */
export function AuditPart({ project }: { project: Project }) {
  const { t } = useTranslation('accounts')
  const lines = useQuery(auditQuery(project.id))
  const columns: Column<AuditLine>[] = [
    { key: 'at', head: t('audit.at'), width: 130, cell: (line) => <Time at={line.at} /> },
    { key: 'actor', head: t('audit.actor'), width: 160, cell: (line) => personName(line.actor) },
    {
      key: 'action',
      head: t('audit.action'),
      width: 200,
      cell: (line) => <span className="hd-mono">{line.action}</span>,
    },
    { key: 'target', head: t('audit.target'), width: 220, cell: (line) => line.target },
    {
      key: 'data',
      head: '',
      cell: (line) =>
        Object.keys(line.data ?? {}).length > 0 && <span className={classes.data}>{pairs(line.data)}</span>,
    },
  ]
  return (
    <Section title={t('audit.title', { project: project.name })} note={t('audit.note')}>
      {lines.error ? (
        <ProblemNote error={lines.error} retry={() => void lines.refetch()} />
      ) : (
        <Table
          label={t('settings.audit')}
          columns={columns}
          rows={lines.data}
          rowKey={(line) => line.id}
          empty={t('audit.none')}
        />
      )}
    </Section>
  )
}

/** `images 200 · ratio 0.8`: what an audit line says beside its verb. */
function pairs(data: AuditLine['data']): string {
  return Object.entries(data)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' · ')
}
