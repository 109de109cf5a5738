import { Link } from '@tanstack/react-router'
import type { Job } from '../api/types'
import { useJobTitle } from '../jobs/useJobTitle'
import { StateMark } from '../ui/StateMark'
import { Time } from '../ui/Time'
import classes from './ListAndOne.module.css'

type Props = {
  job: Pick<Job, 'id' | 'title' | 'title_code' | 'title_names' | 'state' | 'progress' | 'created_at'>
  to: '/datasets/$datasetId/imports' | '/datasets/$datasetId/exports'
  dataset: number
  current: boolean
}

/** An import or export in the list at the left. */
export function JobLine({ job, to, dataset, current }: Props) {
  const title = useJobTitle()
  return (
    <Link
      to={to}
      params={{ datasetId: String(dataset) }}
      search={{ job: job.id }}
      className={classes.line}
      data-current={current || undefined}
    >
      <span className={classes.title}>{title(job)}</span>
      <span className={classes.facts}>
        <StateMark state={job.state} progress={job.progress} />
        <Time at={job.created_at} />
      </span>
    </Link>
  )
}
