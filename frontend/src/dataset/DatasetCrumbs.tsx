import { useQuery } from '@tanstack/react-query'
import { ProjectCrumb } from '../accounts/ProjectCrumb'
import { useProjects } from '../accounts/projects'
import { Crumb } from '../page/Crumb'
import { count } from '../ui/format'
import { datasetsQuery, useDataset } from './queries'

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
