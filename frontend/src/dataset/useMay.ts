import { useProject } from '../accounts/projects'
import { atLeast } from '../accounts/roles'
import type { Role } from '../api/types'
import { useDataset } from './queries'

/** Whether one's role in the dataset's project allows what that role may; false until it is known. */
export function useMay(dataset: number | undefined, needed: Role): boolean {
  const project = useDataset(dataset ?? 0).data?.project
  return atLeast(useProject(project)?.role, needed)
}
