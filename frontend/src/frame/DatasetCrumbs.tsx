import { useQuery } from '@tanstack/react-query'
import { useProjects } from '../accounts/projects'
import { datasetsQuery, useDataset } from '../dataset/queries'
import { count } from '../ui/format'
import { Crumb } from './Crumb'

/** Project › dataset, each also a switcher. */
export function DatasetCrumbs({ dataset: id }: { dataset: number }) {
  const dataset = useDataset(id).data
  const projects = useProjects().data ?? []
  const siblings = useQuery({ ...datasetsQuery(dataset?.project), enabled: !!dataset }).data?.items ?? []
  const project = projects.find((one) => one.id === dataset?.project)
  return (
    <>
      <ProjectCrumb id={project?.id} />
      <Crumb
        label={dataset?.name ?? '…'}
        to={`/datasets/${id}`}
        options={siblings.map((one) => ({
          key: one.id,
          label: one.name,
          to: `/datasets/${one.id}`,
          current: one.id === id,
          note: count(one.image_count),
        }))}
      />
    </>
  )
}

/** The project's name, also a switcher between projects. */
export function ProjectCrumb({ id }: { id: number | undefined }) {
  const projects = useProjects().data ?? []
  const project = projects.find((one) => one.id === id)
  if (!project) return <Crumb label="…" />
  return (
    <Crumb
      label={project.name}
      to={`/projects/${project.id}`}
      options={projects.map((one) => ({
        key: one.id,
        label: one.name,
        to: `/projects/${one.id}`,
        current: one.id === id,
      }))}
    />
  )
}
