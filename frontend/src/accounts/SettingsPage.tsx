import { Select } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../page/Page'
import { Tabs } from '../ui/Tabs'
import { AuditPart } from './AuditPart'
import { ImportRootsPart } from './ImportRootsPart'
import { MembersPart } from './MembersPart'
import { MePart } from './MePart'
import { useProjects } from './projects'
import { TokensPart } from './TokensPart'
import { WebhooksPart } from './webhooks/WebhooksPart'

const route = getRouteApi('/framed/settings')
const PARTS = ['me', 'tokens', 'members', 'roots', 'webhooks', 'audit'] as const
type Part = (typeof PARTS)[number]

/** What one sets for oneself, and for the projects that one is in. */
export function SettingsPage() {
  const { t } = useTranslation('accounts')
  const search = route.useSearch()
  const navigate = useNavigate()
  const part: Part = PARTS.find((one) => one === search.part) ?? 'me'
  const projects = useProjects().data
  const project = projects?.find((one) => one.id === search.project) ?? projects?.[0]
  const ofProject = part !== 'me' && part !== 'tokens'
  return (
    <Page
      title={t('settings.title')}
      padded
      tabs={
        <Tabs
          label={t('settings.label')}
          current={part}
          tabs={PARTS.map((one) => ({
            key: one,
            label: t(`settings.${one}`),
            search: { part: one, project: search.project },
            to: '/settings',
          }))}
        />
      }
      actions={
        ofProject &&
        project && (
          <Select
            aria-label={t('project')}
            data={projects?.map((one) => ({ value: String(one.id), label: one.name }))}
            value={String(project.id)}
            onChange={(id) => void navigate({ to: '/settings', search: { part, project: Number(id) } })}
          />
        )
      }
    >
      {part === 'me' && <MePart />}
      {part === 'tokens' && <TokensPart projects={projects ?? []} />}
      {part === 'members' && project && <MembersPart key={project.id} project={project} />}
      {part === 'roots' && project && <ImportRootsPart key={project.id} project={project} />}
      {part === 'webhooks' && project && <WebhooksPart key={project.id} project={project} />}
      {part === 'audit' && project && <AuditPart key={project.id} project={project} />}
    </Page>
  )
}
