import { useMutation, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client'
import { isActive, jobQuery, useJob } from '../../jobs/queries'
import { toastProblem } from '../../ui/toast'

export type Reported = 'evaluations' | 'comparisons'

/** Makes an evaluation's report ready, where that takes long; a comparison's always is. */
export function useReport(of: Reported, id: number) {
  const queries = useQueryClient()
  const asked = useMutation({
    mutationFn: () => post(`evaluations/${id}/report`),
    onSuccess: (job) => job && queries.setQueryData(jobQuery(job.id).queryKey, job),
    onError: toastProblem,
  })
  const job = useJob(asked.data?.id).data
  return {
    prepare: () => {
      if (of === 'evaluations' && !asked.isPending && !isActive(job)) asked.mutate()
    },
    /** The job that one has to wait for. */
    job: isActive(job) ? job : undefined,
    waiting: asked.isPending || isActive(job),
  }
}
