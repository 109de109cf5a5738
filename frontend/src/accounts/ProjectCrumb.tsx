import { Crumb } from '../page/Crumb'
import { useProjects } from './projects'

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
