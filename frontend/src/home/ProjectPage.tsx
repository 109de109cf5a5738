import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject, useProjects } from '../accounts/projects'
import { atLeast } from '../accounts/roles'
import type { Dataset } from '../api/types'
import { Iterations } from '../curate/ledger/Iterations'
import { datasetsQuery } from '../dataset/queries'
import { Page } from '../page/Page'
import { NotFound } from '../page/RouteStates'
import { useActions } from '../ui/actions'
import { PathLink } from '../ui/PathLink'
import { ProblemNote } from '../ui/ProblemNote'
import { Section } from '../ui/Section'
import { DatasetTiles } from './DatasetTiles'
import { NoDataset } from './HomePage'
import { NewDatasetDialog } from './NewDatasetDialog'

const route = getRouteApi('/framed/projects/$projectId')

/** One project: its iterations first, its datasets, the way to its members. */
export function ProjectPage() {
  const { t } = useTranslation('home')
  const id = Number(route.useParams().projectId)
  const { isSuccess, data: projects } = useProjects()
  const project = useProject(id)
  const datasets = useQuery(datasetsQuery(id))
  const [adding, setAdding] = useState(false)
  const manages = atLeast(project?.role, 'manager')
  useActions([
    {
      id: 'newDataset',
      label: t('newDataset'),
      group: project?.name,
      keys: 'n',
      disabled: !manages,
      perform: () => setAdding(true),
    },
  ])
  if (isSuccess && !project) return <NotFound />
  return (
    <Page
      title={project?.name ?? '…'}
      switchTo={projects?.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/projects/${one.id}`,
        current: one.id === id,
      }))}
      padded
      actions={
        <>
          <Button component={PathLink} href={`/projects/${id}/evaluations`}>
            {t('evaluations')}
          </Button>
          <Button component={PathLink} href={`/settings?part=members&project=${id}`}>
            {t('members')}
          </Button>
          {manages && (
            <Button variant="filled" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
              {t('newDataset')}
            </Button>
          )}
        </>
      }
    >
      {datasets.error && <ProblemNote error={datasets.error} retry={() => void datasets.refetch()} />}
      {project && datasets.data?.items.length === 0 ? (
        <NoDataset project={project} add={() => setAdding(true)} />
      ) : (
        <>
          {project && <Iterations project={id} start={startOf(manages, datasets.data?.items)} />}
          <Section title={t('datasetsTitle')}>
            <DatasetTiles datasets={datasets.data?.items} />
          </Section>
        </>
      )}
      {project && (
        <NewDatasetDialog opened={adding} close={() => setAdding(false)} projects={[project]} project={id} />
      )}
    </Page>
  )
}

/** Where the loop begins: the trainings of the only dataset, or of the newest. */
function startOf(manages: boolean, datasets: Dataset[] | undefined): string | undefined {
  const newest = datasets?.[0]
  return manages && newest ? `/model/${newest.id}` : undefined
}
