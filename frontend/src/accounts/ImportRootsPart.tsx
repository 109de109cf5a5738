import { Checkbox, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../api/calls'
import type { Project } from '../api/types'
import { OffButton } from '../ui/OffButton'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { toast } from '../ui/toast'
import { EVERY_ROOT, importRootsQuery, useGrantRoots } from './importRoots'
import { atLeast } from './roles'
import classes from './SettingsPage.module.css'

type Roots = Answer<'get', `projects/${number}/import-roots`>

/** From where on the server a project may import: its managers see it, administrators say it. */
export function ImportRootsPart({ project }: { project: Project }) {
  const { t } = useTranslation('accounts')
  const manages = atLeast(project.role, 'manager')
  const roots = useQuery({ ...importRootsQuery(project.id), enabled: manages })
  return (
    <Section title={t('roots.title', { project: project.name })} note={t('roots.note')}>
      {!manages && <p className="hd-dim">{t('roots.onlyManagers')}</p>}
      {roots.error && <ProblemNote error={roots.error} retry={() => void roots.refetch()} />}
      {roots.data && <Told project={project} roots={roots.data} />}
    </Section>
  )
}

function Told({ project, roots }: { project: Project; roots: Roots }) {
  const { t } = useTranslation('accounts')
  if (roots.configured?.length === 0) return <p className="hd-dim">{t('roots.noneConfigured')}</p>
  if (roots.configured) return <Grant project={project} roots={roots} configured={roots.configured} />
  return (
    <>
      {roots.granted.length === 0 && <p>{t('roots.none')}</p>}
      <ul className={classes.roots}>
        {roots.granted.map((root) => (
          <li key={root}>
            <code>{root}</code>
          </li>
        ))}
      </ul>
      <p className="hd-dim">{t('roots.ask')}</p>
    </>
  )
}

function Grant({ project, roots, configured }: { project: Project; roots: Roots; configured: string[] }) {
  const { t } = useTranslation('accounts')
  const grant = useGrantRoots(project.id)
  const before = roots.every ? [EVERY_ROOT] : roots.granted
  const [ticked, setTicked] = useState(before)
  const every = ticked.includes(EVERY_ROOT)
  const changed = [...ticked].sort().join('\n') !== [...before].sort().join('\n')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    grant.mutate(ticked, { onSuccess: () => toast(t('roots.saved')) })
  }
  const tick = (root: string, on: boolean) =>
    setTicked((now) => (on ? [...now, root] : now.filter((one) => one !== root)))
  return (
    <form onSubmit={submit}>
      <Stack gap={10}>
        <Checkbox
          label={t('roots.every')}
          description={t('roots.everyWhat')}
          checked={every}
          onChange={(event) => setTicked(event.currentTarget.checked ? [EVERY_ROOT] : configured)}
        />
        {configured.map((root) => (
          <Checkbox
            key={root}
            label={<code>{root}</code>}
            disabled={every}
            checked={every || ticked.includes(root)}
            onChange={(event) => tick(root, event.currentTarget.checked)}
          />
        ))}
        {grant.isError && <ProblemNote error={grant.error} />}
        <OffButton
          type="submit"
          style={{ alignSelf: 'flex-start' }}
          off={!changed && t('ui:off.unchanged')}
          loading={grant.isPending}
        >
          {t('roots.save')}
        </OffButton>
      </Stack>
    </form>
  )
}
