import { queryOptions, useMutation } from '@tanstack/react-query'
import { get, post } from '../../api/client'
import type { AugmentationsRequest } from '../../api/types'
import { useJobStarted } from '../../jobs/queries'

/** Asks for pictures as a training would see them; the job that it answers draws them. */
export function useShowAugmentations() {
  const started = useJobStarted()
  return useMutation({
    mutationFn: (wish: AugmentationsRequest) => post('augmentations', wish),
    onSuccess: started,
  })
}

/** What a job has drawn. It is kept for half an hour, so it is not read again. */
export const augmentationsQuery = (job: number, drawn: boolean) =>
  queryOptions({
    queryKey: ['augmentations', job],
    queryFn: ({ signal }) => get(`augmentations/${job}`, {}, signal),
    enabled: drawn,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
