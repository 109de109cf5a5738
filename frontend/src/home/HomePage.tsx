import { Button } from '@mantine/core'
import { IconPhotoPlus, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProjects } from '../accounts/projects'
import { atLeast } from '../accounts/roles'
import type { Dataset, Project } from '../api/types'
import { datasetsQuery } from '../dataset/queries'
import { Page } from '../page/Page'
import { useActions } from '../ui/actions'
import { EmptyState } from '../ui/EmptyState'
import { ProblemNote } from '../ui/ProblemNote'
import { DatasetTiles } from './DatasetTiles'
import classes from './HomePage.module.css'
import { NewDatasetDialog } from './NewDatasetDialog'
import { NewProjectDialog } from './NewProjectDialog'

/** All projects that one is a member of, with their datasets. */
export function HomePage() {
  const { t } = useTranslation('home')
  const [dialog, setDialog] = useState<'project' | 'dataset' | null>(null)
  const [target, setTarget] = useState<number | undefined>()
  const projects = useProjects()
  const datasets = useQuery(datasetsQuery())
  const addDataset = (project?: number) => {
    setTarget(project)
    setDialog('dataset')
  }
  useActions([
    { id: 'newDataset', label: t('newDataset'), group: t('title'), keys: 'n', perform: () => addDataset() },
    { id: 'newProject', label: t('newProject'), group: t('title'), perform: () => setDialog('project') },
  ])
  const error = projects.error ?? datasets.error
  const known = projects.data && datasets.data
  const managed = projects.data?.filter((project) => atLeast(project.role, 'manager')) ?? []
  return (
    <Page
      title={t('title')}
      padded
      tabs={known && <Summary projects={projects.data.length} datasets={datasets.data.items.length} />}
      actions={
        <>
          <Button onClick={() => setDialog('project')}>{t('newProject')}</Button>
          {managed.length > 0 && (
            <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={() => addDataset()}>
              {t('newDataset')}
            </Button>
          )}
        </>
      }
    >
      {error && (
        <ProblemNote error={error} retry={() => void Promise.all([projects.refetch(), datasets.refetch()])} />
      )}
      {!known && !error && <DatasetTiles datasets={undefined} />}
      {known && projects.data.length === 0 && <NoProject create={() => setDialog('project')} />}
      {known &&
        projects.data.map((project) => (
          <ProjectPart
            key={project.id}
            project={project}
            datasets={datasets.data.items.filter((dataset) => dataset.project === project.id)}
            add={() => addDataset(project.id)}
          />
        ))}
      <NewProjectDialog opened={dialog === 'project'} close={() => setDialog(null)} />
      <NewDatasetDialog
        opened={dialog === 'dataset'}
        close={() => setDialog(null)}
        projects={managed}
        project={target}
      />
    </Page>
  )
}

function Summary({ projects, datasets }: { projects: number; datasets: number }) {
  const { t } = useTranslation('home')
  return (
    <span className={classes.summary}>
      {t('projects', { count: projects })}, {t('datasets', { count: datasets })}
    </span>
  )
}

function ProjectPart({ project, datasets, add }: { project: Project; datasets: Dataset[]; add: () => void }) {
  const { t } = useTranslation(['home', 'accounts'])
  return (
    <section className={classes.project} aria-label={project.name}>
      <header>
        <h2>
          <Link to="/projects/$projectId" params={{ projectId: String(project.id) }}>
            {project.name}
          </Link>
        </h2>
        <span className="hd-faint">{t('youAre', { role: t(`accounts:role.${project.role}`) })}</span>
        {datasets.length > 0 && (
          <Link
            to="/projects/$projectId/evaluations"
            params={{ projectId: String(project.id) }}
            className={classes.more}
          >
            {t('evaluations')}
          </Link>
        )}
      </header>
      {datasets.length > 0 ? <DatasetTiles datasets={datasets} /> : <NoDataset project={project} add={add} />}
    </section>
  )
}

function NoProject({ create }: { create: () => void }) {
  const { t } = useTranslation('home')
  return (
    <EmptyState
      icon={<IconPhotoPlus size={34} stroke={1.3} />}
      title={t('noProject')}
      action={
        <Button variant="filled" onClick={create}>
          {t('newProject')}
        </Button>
      }
    >
      {t('noProjectWhat')}
    </EmptyState>
  )
}

export function NoDataset({ project, add }: { project: Project; add: () => void }) {
  const { t } = useTranslation('home')
  if (!atLeast(project.role, 'manager')) return <p className="hd-dim">{t('noDatasetViewer')}</p>
  return (
    <EmptyState
      icon={<IconPhotoPlus size={34} stroke={1.3} />}
      title={t('noDataset')}
      action={
        <Button variant="filled" onClick={add}>
          {t('newDataset')}
        </Button>
      }
    >
      {t('noDatasetWhat')}
    </EmptyState>
  )
}
